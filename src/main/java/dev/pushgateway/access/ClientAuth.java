package dev.pushgateway.access;

import java.util.Optional;
import java.util.stream.Stream;

/** What is asked of a client in a TLS handshake, by Go's names. */
public enum ClientAuth {
  /** Nothing. */
  NO_CLIENT_CERT("NoClientCert"),
  /** A certificate, of whomever; none will do, too. */
  REQUEST_CLIENT_CERT("RequestClientCert"),
  /** A certificate, of whomever. */
  REQUIRE_ANY_CLIENT_CERT("RequireAnyClientCert"),
  /** A certificate of a known authority; none will do, too. */
  VERIFY_CLIENT_CERT_IF_GIVEN("VerifyClientCertIfGiven"),
  /** A certificate of a known authority. */
  REQUIRE_AND_VERIFY_CLIENT_CERT("RequireAndVerifyClientCert");

  private final String word;

  ClientAuth(String word) {
    this.word = word;
  }

  static Optional<ClientAuth> of(String word) {
    return switch (word) {
      case "" -> Optional.of(NO_CLIENT_CERT);
      case "RequireClientCert" -> Optional.of(REQUIRE_ANY_CLIENT_CERT); // Its old name.
      default -> Stream.of(values()).filter(auth -> auth.word.equals(word)).findFirst();
    };
  }

  /** Whether a handshake without a certificate fails. */
  public boolean isRequired() {
    return this == REQUIRE_ANY_CLIENT_CERT || this == REQUIRE_AND_VERIFY_CLIENT_CERT;
  }

  /** Whether a certificate is asked for at all. */
  public boolean isAsked() {
    return this != NO_CLIENT_CERT;
  }

  /** Whether it matters who has signed the certificate. */
  public boolean isVerified() {
    return this == VERIFY_CLIENT_CERT_IF_GIVEN || this == REQUIRE_AND_VERIFY_CLIENT_CERT;
  }
}
