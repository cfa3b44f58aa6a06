package dev.pushgateway.access;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * A digest of a secret, to look things up by. Compared in constant time, and never printed.
 *
 * <p>Where it comes to lie in a hash table depends on its first bytes, which tell nothing: who
 * could choose a digest's bytes would not need to.
 */
public final class SecretKey {
  private final byte[] digest;

  /** A digest of 4 bytes at least; the array is the key's from now on. */
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
