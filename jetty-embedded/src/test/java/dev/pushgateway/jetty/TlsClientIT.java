package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.access.Hashes;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.exporter.pushgateway.PushGateway;
import io.prometheus.metrics.exporter.pushgateway.Scheme;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped jar over TLS, with the official Java client. */
final class TlsClientIT {
  private static final int CLIENTS = 3;
  private static final int RELOADS = 6;

  @TempDir private static Path folder;
  private static Pki pki;
  private static SSLSocketFactory trust;

  /** Serial numbers of the certificates that clients were shown. */
  private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

  @BeforeAll
  static void makeCertificates() throws Exception {
    pki = new Pki(folder);
    pki.server("server");
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("ca", certificate("ca"));
    TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
    trusted.init(store);
    X509TrustManager authority = (X509TrustManager) trusted.getTrustManagers()[0];
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Witness(authority)}, null);
    trust = context.getSocketFactory();
  }

  /** Trusts the authority, and remembers what it has seen. */
  private record Witness(X509TrustManager authority) implements X509TrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      authority.checkServerTrusted(chain, type);
      SEEN.add(chain[0].getSerialNumber().toString());
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      authority.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return authority.getAcceptedIssuers();
    }
  }

  private static X509Certificate certificate(String name) throws Exception {
    try (var in = Files.newInputStream(pki.file(name + ".pem"))) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static ServerProcess start() throws Exception {
    String config =
        """
        tls_server_config: {cert_file: server.pem, key_file: server.key}
        basic_auth_users: {alice: HASH, bob: HASH}
        ---
        bearer_tokens: {ci: TOKEN}
        roles:
          - {users: [alice], may: [push, delete, scrape]}
          - {tokens: [ci], may: [push]}
        """
            .replace("HASH", Hashes.bcrypt("secret"))
            .replace("TOKEN", Hashes.sha256("t0ken"));
    Path file = Files.writeString(folder.resolve("web.yml"), config);
    return ServerProcess.listening("--web.config.file=" + file);
  }

  private PushGateway.Builder client(ServerProcess server) {
    PrometheusRegistry registry = new PrometheusRegistry();
    Gauge.builder().name("rows").register(registry).set(3);
    return PushGateway.builder()
        .scheme(Scheme.HTTPS)
        .address(server.address())
        .connectionFactory(this::open)
        .registry(registry)
        .job("tls");
  }

  /** A connection of its own for each request, so that each one shakes hands. */
  private HttpURLConnection open(URL url) throws IOException {
    HttpsURLConnection connection = (HttpsURLConnection) url.openConnection();
    connection.setSSLSocketFactory(trust);
    connection.setRequestProperty("Connection", "close");
    return connection;
  }

  @Test
  void pushesByPasswordAndByToken() throws Exception {
    try (ServerProcess server = start()) {
      PushGateway alice = client(server).basicAuth("alice", "secret").build();
      alice.push();
      alice.pushAdd();
      alice.delete();
      PushGateway ci = client(server).bearerToken("t0ken").build();
      ci.push();
      assertRefused(403, ci::delete);
      assertRefused(403, client(server).basicAuth("bob", "secret").build()::push);
      assertRefused(401, client(server).basicAuth("alice", "wrong").build()::push);
      assertRefused(401, client(server).bearerToken("wrong").build()::push);
      assertRefused(401, client(server).build()::push);
    }
  }

  private interface Call {
    void run() throws IOException;
  }

  private static void assertRefused(int status, Call call) {
    IOException refusal = assertThrows(IOException.class, call::run);
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains("Response code from") && message.contains(" " + status), message);
  }

  /** Certificate and key are replaced one after the other, so that they do not match meanwhile. */
  @Test
  void certificatesAreReplacedUnderLoadWithoutAFailedPush() throws Exception {
    AtomicBoolean stopped = new AtomicBoolean();
    ExecutorService pool = Executors.newFixedThreadPool(CLIENTS);
    Set<String> served = new HashSet<>();
    try (ServerProcess server = start()) {
      List<Future<Integer>> pushes = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        PushGateway client = client(server).basicAuth("alice", "secret").build();
        pushes.add(pool.submit(pushUntil(stopped, client)));
      }
      for (int i = 0; i < RELOADS; i++) {
        awaitSeen(served, pushes);
        pki.server("next");
        replace("next.pem", "server.pem");
        replace("next.key", "server.key");
      }
      awaitSeen(served, pushes);
      stopped.set(true);
      for (Future<Integer> one : pushes) {
        assertTrue(one.get() > RELOADS, "hardly any pushes");
      }
      assertEquals(RELOADS + 1, served.size());
    } finally {
      stopped.set(true);
      pool.shutdown();
    }
  }

  private static Callable<Integer> pushUntil(AtomicBoolean stopped, PushGateway client) {
    return () -> {
      int count = 0;
      while (!stopped.get()) {
        client.push();
        count++;
      }
      return count;
    };
  }

  /** Waits until clients are shown the certificate that is in the file. */
  private void awaitSeen(Set<String> served, List<Future<Integer>> pushes) throws Exception {
    String serial = certificate("server").getSerialNumber().toString();
    served.add(serial);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!SEEN.contains(serial)) {
      for (Future<Integer> one : pushes) {
        assertFalse(one.isDone(), () -> "a push has failed: " + failure(one));
      }
      assertTrue(System.nanoTime() < end, "a new certificate is not shown");
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static String failure(Future<Integer> one) {
    try {
      return String.valueOf(one.get());
    } catch (Exception e) {
      return e.toString();
    }
  }

  private static void replace(String from, String to) throws IOException {
    Files.copy(folder.resolve(from), folder.resolve("copy"), StandardCopyOption.REPLACE_EXISTING);
    Files.move(folder.resolve("copy"), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }
}
