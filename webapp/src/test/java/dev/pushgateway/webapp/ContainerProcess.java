package dev.pushgateway.webapp;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A container as a process of its own, with what it writes to its log. Thread-safe. */
final class ContainerProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final List<String> log = new ArrayList<>();
  private final CompletableFuture<Void> logIsComplete;

  /**
   * Starts it.
   *
   * @param arguments of {@code java}
   * @param environment in addition to that of this process
   */
  ContainerProcess(List<String> arguments, Path folder, Map<String, String> environment)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder.toFile()).redirectErrorStream(true).environment().putAll(environment);
    process = builder.start();
    logIsComplete = CompletableFuture.runAsync(this::readLog, ContainerProcess::onThread);
  }

  private static void onThread(Runnable work) {
    Thread thread = new Thread(work, "log of the container");
    thread.setDaemon(true);
    thread.start();
  }

  private void readLog() {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("the log broke off: " + e);
    }
  }

  private synchronized void add(String line) {
    log.add(line);
    notifyAll();
  }

  /** The log so far; all there will be, once it has ended. */
  synchronized List<String> log() {
    return List.copyOf(log);
  }

  /** Waits until so many lines have had the pattern, and returns the first group of each. */
  synchronized List<String> await(Pattern pattern, int count) throws InterruptedException {
    long start = System.nanoTime();
    while (true) {
      List<String> found =
          log.stream()
              .map(pattern::matcher)
              .filter(Matcher::find)
              .map(matcher -> matcher.group(1))
              .limit(count)
              .toList();
      if (found.size() == count) {
        return found;
      }
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)
          || logIsComplete.isDone()) {
        throw new AssertionError(
            pattern + " came not " + count + " times, but this:\n" + String.join("\n", log));
      }
      wait(TimeUnit.SECONDS.toMillis(1));
    }
  }

  /** Waits for a line. */
  synchronized void awaitLine(Predicate<String> wanted) throws InterruptedException {
    long start = System.nanoTime();
    while (log.stream().noneMatch(wanted)) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
        throw new AssertionError("the line did not come, but this:\n" + String.join("\n", log));
      }
      wait(TimeUnit.SECONDS.toMillis(1));
    }
  }

  /** Ends it as an operator does, with a signal, and waits until all of its log is there. */
  @Override
  public void close() {
    process.toHandle().destroy(); // Process.destroy would close its log, too.
    try {
      process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      process.destroyForcibly();
      throw new AssertionError("it does not end; its log:\n" + String.join("\n", log()), e);
    }
    logIsComplete.join();
  }
}
