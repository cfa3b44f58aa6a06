package dev.pushgateway.jetty;

import dev.pushgateway.gateway.Flag;
import dev.pushgateway.gateway.SettingsException;
import dev.pushgateway.gateway.SettingsSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Parses a command line as the Go gateway does: {@code --flag=value}, {@code --flag value}, {@code
 * --switch}, {@code --no-switch}, {@code -h}.
 *
 * <p>Written by hand instead of with picocli, which was tried. Picocli adds 0.4 MB and slows the
 * start by its reflection. It needs a transformer for {@code --no-} before names with dots, and its
 * messages differ from Go's.
 */
public final class CommandLine implements SettingsSource {
  /** The action that the caller asks for. */
  enum Action {
    RUN,
    HELP,
    HELP_LONG,
    VERSION
  }

  private static final String FLAG = "--";
  private static final String NEGATION = "no-";

  private final Map<Flag, List<String>> values = new EnumMap<>(Flag.class);
  private Action action = Action.RUN;

  private CommandLine() {}

  /**
   * Parses a command line. Checks only names; {@code Settings} checks values.
   *
   * @throws SettingsException for the first argument that is not understood
   */
  public static CommandLine parse(List<String> arguments) throws SettingsException {
    CommandLine commandLine = new CommandLine();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      commandLine.addArgument(rest.next(), rest);
    }
    return commandLine;
  }

  private void addArgument(String argument, Iterator<String> rest) throws SettingsException {
    Optional<String> undashed = FlagNames.withoutTwoDashes(argument);
    if (undashed.isPresent()) {
      throw new SettingsException("flags have two dashes: --" + undashed.get());
    }
    if (argument.startsWith(FLAG) && argument.length() > FLAG.length()) {
      takeLong(argument.substring(FLAG.length()), rest);
    } else if (argument.equals("-h")) {
      ask(Action.HELP);
    } else if (argument.startsWith("-") && argument.length() > 1 && !argument.equals(FLAG)) {
      String hint = FlagNames.hint(argument);
      throw new SettingsException("unknown short flag '" + argument.substring(0, 2) + "'" + hint);
    } else {
      throw new SettingsException("unexpected " + argument + FlagNames.hint(argument));
    }
  }

  private void takeLong(String argument, Iterator<String> rest) throws SettingsException {
    int equals = argument.indexOf('=');
    String name = equals < 0 ? argument : argument.substring(0, equals);
    Optional<String> value =
        equals < 0 ? Optional.empty() : Optional.of(argument.substring(equals + 1));
    Optional<Flag> flag = Flag.named(name);
    if (flag.isPresent()) {
      add(flag.get(), value, rest);
      return;
    }
    switch (name) {
      case "help" -> ask(Action.HELP);
      case "help-long" -> ask(Action.HELP_LONG);
      case "version" -> ask(Action.VERSION);
      default -> add(negated(name), "false");
    }
  }

  private void add(Flag flag, Optional<String> value, Iterator<String> rest)
      throws SettingsException {
    if (value.isPresent()) {
      add(flag, value.get());
    } else if (flag.isSwitch()) {
      add(flag, "true");
    } else {
      String next = rest.hasNext() ? rest.next() : FLAG;
      if (next.startsWith(FLAG)) {
        throw new SettingsException("expected argument for flag '--" + flag.flagName() + "'");
      }
      add(flag, next);
    }
  }

  private static Flag negated(String name) throws SettingsException {
    return Optional.of(name)
        .filter(negated -> negated.startsWith(NEGATION))
        .flatMap(negated -> Flag.named(negated.substring(NEGATION.length())))
        .filter(Flag::isSwitch)
        .orElseThrow(() -> unknown(name));
  }

  private static SettingsException unknown(String name) {
    return new SettingsException("unknown long flag '--" + name + "'" + FlagNames.hint(name));
  }

  private void add(Flag flag, String value) {
    values.computeIfAbsent(flag, key -> new ArrayList<>()).add(value);
  }

  private void ask(Action asked) {
    action = action == Action.RUN ? asked : action; // The first one counts.
  }

  Action action() {
    return action;
  }

  @Override
  public List<String> values(Flag flag) {
    return values.getOrDefault(flag, List.of());
  }
}
