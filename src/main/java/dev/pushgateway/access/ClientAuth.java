package dev.pushgateway.access;

import java.util.Optional;
import java.util.stream.Stream;

/** The client certificate that a TLS handshake asks for, by Go's names. */
public enum ClientAuth {
  /** The server asks for no certificate. */
  NO_CLIENT_CERT("NoClientCert"),
  /** The server asks for a certificate, accepts any, and accepts clients without one. */
  REQUEST_CLIENT_CERT("RequestClientCert"),
  /** The server requires a certificate, and accepts any. */
  REQUIRE_ANY_CLIENT_CERT("RequireAnyClientCert"),
  /** A certificate must be signed by a known authority. Clients without one are accepted. */
  VERIFY_CLIENT_CERT_IF_GIVEN("VerifyClientCertIfGiven"),
  /** The server requires a certificate that is signed by a known authority. */
  REQUIRE_AND_VERIFY_CLIENT_CERT("RequireAndVerifyClientCert");

  private final String word;

  ClientAuth(String word) {
    this.word = word;
  }

  static Optional<ClientAuth> of(String word) {
    return switch (word) {
      case "" -> Optional.of(NO_CLIENT_CERT);
      case "RequireClientCert" -> Optional.of(REQUIRE_ANY_CLIENT_CERT); // The old name.
      default -> Stream.of(values()).filter(auth -> auth.word.equals(word)).findFirst();
    };
  }

  /** Returns whether a handshake without a client certificate fails. */
  public boolean isRequired() {
    return this == REQUIRE_ANY_CLIENT_CERT || this == REQUIRE_AND_VERIFY_CLIENT_CERT;
  }

  /** Returns whether the server asks for a client certificate. */
  public boolean isAsked() {
    return this != NO_CLIENT_CERT;
  }

  /** Returns whether a known authority must have signed the client certificate. */
  public boolean isVerified() {
    return this == VERIFY_CLIENT_CERT_IF_GIVEN || this == REQUIRE_AND_VERIFY_CLIENT_CERT;
  }
}
