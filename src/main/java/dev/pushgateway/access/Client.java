package dev.pushgateway.access;

/**
 * The client of a request.
 *
 * @param isKnown whether the client sent a right password or token
 * @param name of the user or token, as in the file; empty if {@code isKnown} is false
 */
public record Client(boolean isKnown, String name, Permissions permissions) {}
