package dev.pushgateway.tls;

import dev.pushgateway.access.ClientAuth;
import dev.pushgateway.access.TlsSettings;
import dev.pushgateway.access.TlsSettings.Pem;
import dev.pushgateway.access.WebConfigException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Certificates, keys and parameters as read at one moment. Immutable. */
record TlsContext(SSLContext context, TlsSettings settings) {
  /** For a key store that exists only in memory. */
  private static final char[] NO_PASSWORD = {};

  /**
   * Reads all files of the settings. Refuses broken files, and a key that does not belong to its
   * certificate.
   */
  static TlsContext of(TlsSettings settings) throws WebConfigException {
    List<X509Certificate> chain = PemReader.certificates(settings.certificate());
    PrivateKey key = PemReader.key(settings.key(), chain.get(0));
    checkPair(settings.key(), key, chain.get(0));
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers(key, chain), new TrustManager[] {trust(settings)}, null);
      return new TlsContext(context, settings);
    } catch (GeneralSecurityException | IOException e) {
      throw settings.certificate().wrong("it cannot be used: " + e.getMessage());
    }
  }

  /** Checks a key pair: signs with the key, and verifies with the certificate. */
  private static void checkPair(Pem pem, PrivateKey key, X509Certificate certificate)
      throws WebConfigException {
    boolean isPair;
    try {
      String signer = key.getAlgorithm().replace("EC", "ECDSA");
      Signature signature = Signature.getInstance("SHA256with" + signer);
      byte[] something = {1, 2, 3};
      signature.initSign(key);
      signature.update(something);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(something);
      isPair = signature.verify(signed);
    } catch (SignatureException e) {
      isPair = false; // A key of another length or curve.
    } catch (GeneralSecurityException e) {
      throw pem.wrong("the private key in it cannot be used: " + e.getMessage());
    }
    if (!isPair) {
      throw pem.wrong("the private key in it is not that of the certificate");
    }
  }

  private static KeyManager[] keyManagers(PrivateKey key, List<X509Certificate> chain)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    store.setKeyEntry("server", key, NO_PASSWORD, chain.toArray(new X509Certificate[0]));
    KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  private static ClientTrust trust(TlsSettings settings)
      throws GeneralSecurityException, IOException, WebConfigException {
    Optional<X509ExtendedTrustManager> authorities = Optional.empty();
    if (settings.clientAuth().isVerified()) {
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(settings.clientAuthorities().isPresent() ? store(settings) : null);
      authorities = Optional.of((X509ExtendedTrustManager) factory.getTrustManagers()[0]);
    }
    return new ClientTrust(authorities, settings.allowedClientNames());
  }

  private static KeyStore store(TlsSettings settings)
      throws GeneralSecurityException, IOException, WebConfigException {
    KeyStore store = emptyStore();
    int count = 0;
    for (X509Certificate one : PemReader.certificates(settings.clientAuthorities().get())) {
      store.setCertificateEntry("authority " + count++, one);
    }
    return store;
  }

  SSLEngine newEngine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setSSLParameters(parameters());
    return engine;
  }

  private SSLParameters parameters() {
    SSLParameters parameters = context.getDefaultSSLParameters();
    parameters.setProtocols(settings.protocols().toArray(String[]::new));
    parameters.setCipherSuites(cipherSuites().toArray(String[]::new));
    parameters.setUseCipherSuitesOrder(settings.prefersServerOrder());
    ClientAuth auth = settings.clientAuth();
    // Each of the two setters resets the other.
    if (auth.isRequired()) {
      parameters.setNeedClientAuth(true);
    } else {
      parameters.setWantClientAuth(auth.isAsked());
    }
    return parameters;
  }

  private List<String> cipherSuites() {
    Set<String> supported = Set.of(context.getSupportedSSLParameters().getCipherSuites());
    return settings.cipherSuites().stream().filter(supported::contains).toList();
  }
}
