package dev.pushgateway.tls;

import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Decides which client certificates are accepted: any, or those of known authorities or with
 * certain names.
 */
final class ClientTrust extends X509ExtendedTrustManager {
  /** General names with a plain value: RFC 822 name, DNS name, URI and IP address. */
  private static final List<Integer> PLAIN_NAMES = List.of(1, 2, 6, 7);

  private static final int IP_ADDRESS = 7;

  private final Optional<X509ExtendedTrustManager> authorities;
  private final Optional<List<String>> allowedNames;

  /**
   * Creates a trust manager.
   *
   * @param authorities absent if any certificate will do
   * @param allowedNames a certificate must have one of these names; absent if any will do
   */
  ClientTrust(Optional<X509ExtendedTrustManager> authorities, Optional<List<String>> allowedNames) {
    this.authorities = authorities;
    this.allowedNames = allowedNames;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    if (authorities.isPresent()) {
      authorities.get().checkClientTrusted(chain, authType, engine);
    }
    checkName(chain[0]);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw unexpected();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw unexpected();
  }

  private void checkName(X509Certificate certificate) throws CertificateException {
    if (allowedNames.isPresent() && !hasAllowedName(certificate, allowedNames.get())) {
      throw new CertificateException("the certificate has none of the allowed names");
    }
  }

  private static boolean hasAllowedName(X509Certificate certificate, List<String> allowed)
      throws CertificateException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names != null
        && names.stream()
            .filter(name -> PLAIN_NAMES.contains(name.get(0)))
            .anyMatch(name -> isAllowed((Integer) name.get(0), (String) name.get(1), allowed));
  }

  private static boolean isAllowed(int type, String name, List<String> allowed) {
    return allowed.contains(name)
        || type == IP_ADDRESS && allowed.stream().anyMatch(text -> isSameAddress(text, name));
  }

  /** Compares IPv6 addresses. The JDK writes them in full; operators and Go write them short. */
  private static boolean isSameAddress(String text, String address) {
    boolean isLiteral = text.indexOf(':') >= 0 && text.matches("[0-9a-fA-F:.]+");
    try {
      return isLiteral && InetAddress.getByName(text).equals(InetAddress.getByName(address));
    } catch (UnknownHostException e) {
      return false; // The text is not an address, and therefore differs.
    }
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities
        .map(X509ExtendedTrustManager::getAcceptedIssuers)
        .orElse(new X509Certificate[0]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw unexpected();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw unexpected();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw unexpected();
  }

  private static CertificateException unexpected() {
    return new CertificateException("this is about clients of an engine only");
  }
}
