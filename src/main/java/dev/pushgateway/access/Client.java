package dev.pushgateway.access;

/**
 * Who asks, as far as it is known.
 *
 * @param isKnown whether a password or a token was right; if not, this is anyone
 * @param name as in the file, of the user or of the token; empty for anyone
 */
public record Client(boolean isKnown, String name, Permissions permissions) {}
