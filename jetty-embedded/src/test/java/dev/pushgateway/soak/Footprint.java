package dev.pushgateway.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a gateway takes of the machine at one moment, as Linux and {@code jcmd} tell it.
 *
 * @param heapBytes in use after a collection
 */
record Footprint(long heapBytes, long residentBytes, long threads, long files) {
  private static final Pattern USED = Pattern.compile("used (\\d+)K");

  static Footprint of(long pid) throws IOException {
    Path process = Path.of("/proc/" + pid);
    jcmd(pid, "GC.run");
    Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
    if (!used.find()) {
      throw new IOException("jcmd does not tell how much of the heap is used");
    }
    String status = Files.readString(process.resolve("status"));
    return new Footprint(
        Long.parseLong(used.group(1)) << 10,
        Long.parseLong(status.replaceAll("(?s).*VmRSS:\\s*(\\d+) kB.*", "$1")) << 10,
        count(process.resolve("task")),
        count(process.resolve("fd")));
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.count();
    }
  }

  private static String jcmd(long pid, String command) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process = new ProcessBuilder(jcmd, String.valueOf(pid), command).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return String.format(
        "heap %.1f MB, resident %.1f MB, %d threads, %d files",
        heapBytes / 1e6, residentBytes / 1e6, threads, files);
  }
}
