package dev.pushgateway.gateway;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything that can be set: names, defaults and meaning are those of the Go gateway.
 *
 * <p>Constants stand in the order of {@code --help}.
 */
public enum Flag {
  LISTEN_ADDRESS(
      "web.listen-address", Kind.LIST, ":9091", Scope.PROCESS, "Address to listen on; repeatable."),
  SYSTEMD_SOCKET(
      "web.systemd-socket",
      Kind.BOOLEAN,
      "false",
      Scope.PROCESS,
      "Listen on the socket on standard input."),
  WEB_CONFIG_FILE(
      "web.config.file", Kind.TEXT, "", Scope.EVERYWHERE, "File of TLS, users and roles."),
  CONTAINER_ROLES(
      "web.container-roles",
      Kind.BOOLEAN,
      "false",
      Scope.EVERYWHERE,
      "Take roles from the servlet container."),
  TELEMETRY_PATH(
      "web.telemetry-path", Kind.TEXT, "/metrics", Scope.EVERYWHERE, "Path of the scrape."),
  EXTERNAL_URL("web.external-url", Kind.TEXT, "", Scope.EVERYWHERE, "URL as seen from outside."),
  ROUTE_PREFIX(
      "web.route-prefix", Kind.TEXT, "", Scope.EVERYWHERE, "Prefix of all paths; default: URL's."),
  ENABLE_LIFECYCLE(
      "web.enable-lifecycle",
      Kind.BOOLEAN,
      "false",
      Scope.PROCESS,
      "Let PUT /-/quit stop the gateway."),
  ENABLE_ADMIN_API(
      "web.enable-admin-api",
      Kind.BOOLEAN,
      "false",
      Scope.EVERYWHERE,
      "Let PUT /api/v1/admin/wipe delete all."),
  MAX_HEADER_BYTES(
      "web.max-header-bytes",
      Kind.TEXT,
      "64KiB",
      Scope.PROCESS,
      "Most bytes of request line and headers."),
  MAX_CONNECTIONS("web.max-connections", Kind.TEXT, "16000", Scope.PROCESS, "Most connections."),
  IDLE_TIMEOUT(
      "web.idle-timeout", Kind.TEXT, "1m", Scope.PROCESS, "Longest silence on a connection."),
  REQUEST_TIMEOUT(
      "web.request-timeout",
      Kind.TEXT,
      "5m",
      Scope.EVERYWHERE,
      "Longest time for a body or an answer."),
  MIN_BYTES_PER_SECOND(
      "web.min-bytes-per-second",
      Kind.TEXT,
      "512",
      Scope.EVERYWHERE,
      "Slowest that either may be."),
  PERSISTENCE_FILE(
      "persistence.file",
      Kind.TEXT,
      "",
      Scope.EVERYWHERE,
      "File to keep metrics in; none: memory."),
  PERSISTENCE_INTERVAL(
      "persistence.interval",
      Kind.TEXT,
      "5m",
      Scope.EVERYWHERE,
      "Time unsynced; 0s: sync, then answer."),
  MAX_GROUPS(
      "store.max-groups", Kind.TEXT, "1000000", Scope.EVERYWHERE, "Most groups that are kept."),
  MAX_STORED_SERIES(
      "store.max-series", Kind.TEXT, "10000000", Scope.EVERYWHERE, "Most series that are kept."),
  DISABLE_CONSISTENCY_CHECK(
      "push.disable-consistency-check",
      Kind.BOOLEAN,
      "false",
      Scope.EVERYWHERE,
      "Take what breaks scrapes. DANGEROUS."),
  ENABLE_UTF8_NAMES(
      "push.enable-utf8-names",
      Kind.BOOLEAN,
      "false",
      Scope.EVERYWHERE,
      "Take names that are any UTF-8."),
  MAX_BODY_BYTES(
      "push.max-body-bytes",
      Kind.TEXT,
      "64MiB",
      Scope.EVERYWHERE,
      "Most bytes of a body, also unpacked."),
  MAX_PUSHED_SERIES(
      "push.max-series", Kind.TEXT, "1000000", Scope.EVERYWHERE, "Most series in one push."),
  MAX_LABELS("push.max-labels", Kind.TEXT, "128", Scope.EVERYWHERE, "Most labels of a series."),
  MAX_NAME_BYTES(
      "push.max-name-bytes", Kind.TEXT, "1KiB", Scope.EVERYWHERE, "Most bytes in a name."),
  MAX_VALUE_BYTES(
      "push.max-value-bytes",
      Kind.TEXT,
      "64KiB",
      Scope.EVERYWHERE,
      "Most bytes in the value of a label."),
  MAX_HELP_BYTES(
      "push.max-help-bytes", Kind.TEXT, "64KiB", Scope.EVERYWHERE, "Most bytes in a help text."),
  MAX_BUCKETS(
      "push.max-buckets",
      Kind.TEXT,
      "10000",
      Scope.EVERYWHERE,
      "Most lines of one histogram or summary."),
  MAX_CONCURRENT_PUSHES(
      "push.max-concurrent", Kind.TEXT, "400", Scope.EVERYWHERE, "Most pushes at a time."),
  MAX_CONCURRENT_SCRAPES(
      "scrape.max-concurrent", Kind.TEXT, "40", Scope.EVERYWHERE, "Most scrapes at a time."),
  CORS_ORIGINS(
      "push.cors-origins", Kind.TEXT, "", Scope.EVERYWHERE, "Origins whose pages may push."),
  LOG_LEVEL("log.level", Kind.TEXT, "info", Scope.PROCESS, "debug, info, warn or error."),
  LOG_FORMAT("log.format", Kind.TEXT, "logfmt", Scope.PROCESS, "logfmt or json.");

  /** How a flag is written on a command line. */
  public enum Kind {
    /** {@code --name} or {@code --no-name}. */
    BOOLEAN,
    /** {@code --name=value}, once. */
    TEXT,
    /** {@code --name=value}, any number of times. */
    LIST
  }

  /** Where a flag means anything. */
  enum Scope {
    EVERYWHERE,
    /** Only where the gateway is a process of its own; a container decides this for itself. */
    PROCESS
  }

  private final String flagName;
  private final Kind kind;
  private final String defaultValue;
  private final Scope scope;
  private final String help;

  Flag(String flagName, Kind kind, String defaultValue, Scope scope, String help) {
    this.flagName = flagName;
    this.kind = kind;
    this.defaultValue = defaultValue;
    this.scope = scope;
    this.help = help;
  }

  /** The flag of this name, as in {@code persistence.file}. */
  public static Optional<Flag> named(String flagName) {
    return Arrays.stream(values()).filter(flag -> flag.flagName.equals(flagName)).findFirst();
  }

  /** As on a command line after the two dashes, and as everywhere else. */
  public String flagName() {
    return flagName;
  }

  public Kind kind() {
    return kind;
  }

  public String defaultValue() {
    return defaultValue;
  }

  /** What it does, for {@code --help}, in a sentence. */
  public String help() {
    return help;
  }

  boolean appliesTo(Scope where) {
    return where == Scope.PROCESS || scope == Scope.EVERYWHERE;
  }

  /** The name of the environment variable: {@code PUSHGATEWAY_PERSISTENCE_FILE}. */
  String environmentVariable() {
    return "PUSHGATEWAY_" + flagName.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  List<String> defaults() {
    return List.of(defaultValue);
  }
}
