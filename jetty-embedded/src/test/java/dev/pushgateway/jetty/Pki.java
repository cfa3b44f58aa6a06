package dev.pushgateway.jetty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes certificates of a day with {@code openssl}, in a folder of the test's own. */
final class Pki {
  private static final String EC = "ec -pkeyopt ec_paramgen_curve:P-256";
  private static final String RSA = "rsa:2048";

  private final Path folder;

  /** Has an authority, {@code ca.pem}. */
  Pki(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    authority("ca");
  }

  /** A certificate that may sign others: {@code NAME.pem} and {@code NAME.key}. */
  Path authority(String name) throws IOException, InterruptedException {
    openssl(
        "req -x509 -newkey " + EC + " -nodes -days 1 -subj /CN=" + name, name, "-keyout", "-out");
    return file(name + ".pem");
  }

  /** A certificate on an elliptic curve, signed by {@code ca}, for the local machine. */
  Path server(String name) throws IOException, InterruptedException {
    return signed(name, EC, "ca", "DNS:localhost,IP:127.0.0.1");
  }

  /** The same with an RSA key. */
  Path rsaServer(String name) throws IOException, InterruptedException {
    return signed(name, RSA, "ca", "DNS:localhost,IP:127.0.0.1");
  }

  /** A certificate for a client. */
  Path client(String name, String authority, String names)
      throws IOException, InterruptedException {
    return signed(name, EC, authority, names);
  }

  private Path signed(String name, String key, String authority, String names)
      throws IOException, InterruptedException {
    openssl(
        "req -newkey " + key + " -nodes -subj /CN=" + name + " -out " + name + ".csr",
        name,
        "-keyout",
        "");
    Files.writeString(file(name + ".ext"), "subjectAltName=" + names + "\n");
    openssl(
        "x509 -req -days 1 -in "
            + name
            + ".csr -extfile "
            + name
            + ".ext -CA "
            + authority
            + ".pem -CAkey "
            + authority
            + ".key -set_serial "
            + System.nanoTime(),
        name,
        "",
        "-out");
    return file(name + ".pem");
  }

  private void openssl(String words, String name, String keyFlag, String certificateFlag)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(words.split(" ")));
    if (!keyFlag.isEmpty()) {
      command.addAll(List.of(keyFlag, name + ".key"));
    }
    if (!certificateFlag.isEmpty()) {
      command.addAll(List.of(certificateFlag, name + ".pem"));
    }
    run(command);
  }

  /** Runs openssl in the folder. */
  void run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(file("openssl.log").toFile())
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(command + ": " + Files.readString(file("openssl.log")));
    }
  }

  Path file(String name) {
    return folder.resolve(name);
  }
}
