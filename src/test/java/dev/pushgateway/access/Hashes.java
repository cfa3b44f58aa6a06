package dev.pushgateway.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Hashes for web config files of tests. */
public final class Hashes {
  /** The lowest there is: a check takes a millisecond. */
  private static final int COST = 4;

  private Hashes() {}

  public static String bcrypt(String password) {
    return bcrypt(password, COST);
  }

  public static String bcrypt(String password, int cost) {
    return BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(cost, password.toCharArray());
  }

  public static String sha256(String token) {
    byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Authenticator.sha256().digest(bytes));
  }
}
