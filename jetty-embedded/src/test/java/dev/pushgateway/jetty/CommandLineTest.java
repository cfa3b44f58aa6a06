package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pushgateway.gateway.Environment;
import dev.pushgateway.gateway.Flag;
import dev.pushgateway.gateway.SettingsException;
import dev.pushgateway.gateway.SettingsSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandLineTest {
  private static CommandLine parse(String words) throws SettingsException {
    return CommandLine.parse(words.isEmpty() ? List.of() : List.of(words.split(" ", -1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --persistence.file=a=b             | PERSISTENCE_FILE | [a=b]
          --persistence.file a               | PERSISTENCE_FILE | [a]
          --persistence.file=                | PERSISTENCE_FILE | []
          --persistence.file -               | PERSISTENCE_FILE | [-]
          --persistence.file=a --version     | PERSISTENCE_FILE | [a]
          --web.listen-address=:1 --web.listen-address :2 | LISTEN_ADDRESS | [:1, :2]
          --web.enable-admin-api             | ENABLE_ADMIN_API | [true]
          --no-web.enable-admin-api          | ENABLE_ADMIN_API | [false]
          --web.enable-admin-api=false       | ENABLE_ADMIN_API | [false]
          --log.level=debug                  | ENABLE_ADMIN_API | none
          """)
  void reads(String words, Flag flag, String values) throws SettingsException {
    List<String> read = parse(words).values(flag);
    assertEquals(values, read.isEmpty() ? "none" : read.toString());
  }

  @Test
  void everyFlagIsReadAsItIs() throws SettingsException {
    for (Flag flag : Flag.values()) {
      assertEquals(List.of("x"), parse("--" + flag.flagName() + "=x").values(flag));
    }
  }

  @Test
  void flagWinsOverTheEnvironment() throws SettingsException {
    Environment environment =
        new Environment(
            Map.of(
                "PUSHGATEWAY_LOG_LEVEL", "debug",
                "PUSHGATEWAY_WEB_LISTEN_ADDRESS", ":3\n:4",
                "PUSHGATEWAY_PUSH_MAX_SERIES", "2"));
    SettingsSource both =
        parse("--log.level=warn --web.listen-address=:1 --web.listen-address=:2").or(environment);
    assertEquals(List.of("warn"), both.values(Flag.LOG_LEVEL));
    assertEquals(List.of(":1", ":2"), both.values(Flag.LISTEN_ADDRESS));
    assertEquals(List.of("2"), both.values(Flag.MAX_PUSHED_SERIES));
    assertEquals(List.of(), both.values(Flag.LOG_FORMAT));
  }

  @ParameterizedTest
  @CsvSource({
    "'', RUN",
    "-h, HELP",
    "--help, HELP",
    "--help-long, HELP_LONG",
    "--version, VERSION",
    "--version --help, VERSION",
    "--log.level=x --help, HELP"
  })
  void knowsWhatIsWanted(String words, CommandLine.Action action) throws SettingsException {
    assertEquals(action, parse(words).action());
  }

  /** The sentences of the Go gateway, with a hint where one is near. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --foo                         | unknown long flag '--foo'
          --foo=1                       | unknown long flag '--foo'
          --no-foo                      | unknown long flag '--no-foo'
          --persistence.file            | expected argument for flag '--persistence.file'
          --persistence.file --log.level=info | expected argument for flag '--persistence.file'
          -x                            | unknown short flag '-x'
          -xyz                          | unknown short flag '-x'
          serve                         | unexpected serve
          @flags                        | unexpected @flags
          --                            | unexpected --
          --web.enable-admin-api true   | unexpected true
          --no-persistence.file=x       | unknown long flag '--no-persistence.file' (did you mean --persistence.file?)
          --persistance.file=x          | unknown long flag '--persistance.file' (did you mean --persistence.file?)
          --Web.Listen_Address :1       | unknown long flag '--Web.Listen_Address' (did you mean --web.listen-address?)
          --config.file=x               | unknown long flag '--config.file' (did you mean --web.config.file?)
          --no-web.enable-adminapi      | unknown long flag '--no-web.enable-adminapi' (did you mean --no-web.enable-admin-api?)
          --verison                     | unknown long flag '--verison' (did you mean --version?)
          --storage.path=x              | unknown long flag '--storage.path'
          -web.listen-address=:9091     | flags have two dashes: --web.listen-address
          -web.listen-address :9091     | flags have two dashes: --web.listen-address
          web.listen-address=:9091      | flags have two dashes: --web.listen-address
          ---log.level=info             | flags have two dashes: --log.level
          –log.level=info               | flags have two dashes: --log.level
          —log.level                    | flags have two dashes: --log.level
          -no-web.enable-admin-api      | flags have two dashes: --no-web.enable-admin-api
          -version                      | flags have two dashes: --version
          help                          | flags have two dashes: --help
          -web.listen-adress=:1         | unknown short flag '-w' (did you mean --web.listen-address?)
          log.levl=info                 | unexpected log.levl=info (did you mean --log.level?)
          """)
  void rejects(String words, String message) {
    SettingsException e = assertThrows(SettingsException.class, () -> parse(words));
    assertEquals(message, e.getMessage());
  }
}
