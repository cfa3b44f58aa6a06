package dev.pushgateway.access;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * The digest of a secret, as a key of a hash table. Compared in constant time, and never printed.
 *
 * <p>The place in a hash table depends on the first 4 bytes of the digest. This is safe: an
 * attacker cannot choose bytes of a digest without knowing the secret.
 */
public final class SecretKey {
  private final byte[] digest;

  /**
   * Creates a key.
   *
   * @param digest at least 4 bytes; must not be changed afterwards
   */
  SecretKey(byte[] digest) {
    this.digest = digest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SecretKey key && MessageDigest.isEqual(digest, key.digest);
  }

  @Override
  public int hashCode() {
    return ByteBuffer.wrap(digest).getInt();
  }

  @Override
  public String toString() {
    return "SecretKey";
  }
}
