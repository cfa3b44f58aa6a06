package dev.pushgateway.tls;

import dev.pushgateway.access.TlsSettings.Pem;
import dev.pushgateway.access.WebConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and keys. Error messages never contain parts of them. */
final class PemReader {
  private static final String PRIVATE_KEY = "PRIVATE KEY";

  /** The bytes between {@code -----BEGIN label-----} and {@code -----END label-----} (RFC 7468). */
  private record Block(String label, byte[] der) {}

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s([^-]*)-----END \\1-----");

  /** Maximum size of a file. A certificate chain has some kilobytes. */
  private static final long MAX_BYTES = 1 << 20;

  private PemReader() {}

  /** Returns all certificates, in order; at least one. */
  static List<X509Certificate> certificates(Pem pem) throws WebConfigException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(pem)) {
      if (block.label().equals("CERTIFICATE")) {
        certificates.add(certificate(pem, block));
      }
    }
    if (certificates.isEmpty()) {
      throw pem.wrong("there is no certificate in it");
    }
    return certificates;
  }

  private static X509Certificate certificate(Pem pem, Block block) throws WebConfigException {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der()));
    } catch (CertificateException e) {
      throw pem.wrong("a certificate in it is broken");
    }
  }

  /**
   * Returns the first private key: PKCS#8, PKCS#1 (RSA) or SEC 1 (elliptic curves), not encrypted.
   */
  static PrivateKey key(Pem pem, X509Certificate certificate) throws WebConfigException {
    for (Block block : blocks(pem)) {
      if (block.label().startsWith("ENCRYPTED ")) {
        throw pem.wrong("the private key in it is encrypted");
      }
      if (block.label().endsWith(PRIVATE_KEY)) {
        return key(pem, block, certificate);
      }
    }
    throw pem.wrong("there is no private key in it, or an encrypted one");
  }

  private static PrivateKey key(Pem pem, Block block, X509Certificate certificate)
      throws WebConfigException {
    String algorithm = certificate.getPublicKey().getAlgorithm();
    if (!algorithm.equals("RSA") && !algorithm.equals("EC")) {
      throw pem.wrong("keys of " + algorithm + " cannot be used for TLS in Java; RSA and EC can");
    }
    boolean isWrapped = block.label().equals(PRIVATE_KEY);
    try {
      byte[] der =
          isWrapped
              ? block.der()
              : Pkcs8.wrap(block.der(), certificate.getPublicKey().getEncoded());
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw pem.wrong("the private key in it is broken, or not one of " + algorithm);
    }
  }

  /** Returns all blocks in a text. Text around them and malformed blocks are ignored. */
  private static List<Block> blocks(Pem pem) throws WebConfigException {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text(pem));
    while (matcher.find()) {
      try {
        byte[] der = Base64.getDecoder().decode(matcher.group(2).replaceAll("\\s", ""));
        blocks.add(new Block(matcher.group(1), der));
      } catch (IllegalArgumentException e) {
        // Not base64: for example a key with the headers of an old encryption, which cannot be
        // used.
      }
    }
    return blocks;
  }

  private static String text(Pem pem) throws WebConfigException {
    if (pem.file().isEmpty()) {
      return pem.text();
    }
    Path file = pem.file().get();
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw pem.wrong("it has more than " + MAX_BYTES + " bytes");
      }
      // PEM is ASCII, but people write other text between its blocks.
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw pem.wrong("there is no such file");
    } catch (IOException e) {
      throw pem.wrong("it cannot be read: " + e.getClass().getSimpleName());
    }
  }
}
