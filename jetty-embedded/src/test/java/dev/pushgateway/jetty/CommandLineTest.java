package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pushgateway.gateway.Flag;
import dev.pushgateway.gateway.SettingsException;
import java.util.List;
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

  /** The sentences of the Go gateway. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --foo                         | unknown long flag '--foo'
          --foo=1                       | unknown long flag '--foo'
          --no-foo                      | unknown long flag '--no-foo'
          --no-persistence.file         | unknown long flag '--no-persistence.file'
          --persistence.file            | expected argument for flag '--persistence.file'
          --persistence.file --log.level=info | expected argument for flag '--persistence.file'
          -x                            | unknown short flag '-x'
          -xyz                          | unknown short flag '-x'
          serve                         | unexpected serve
          @flags                        | unexpected @flags
          --                            | unexpected --
          --web.enable-admin-api true   | unexpected true
          """)
  void rejects(String words, String message) {
    SettingsException e = assertThrows(SettingsException.class, () -> parse(words));
    assertEquals(message, e.getMessage());
  }
}
