package dev.pushgateway.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pushgateway.change.GroupingKey;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupPathTest {
  private static GroupingKey parse(String raw, boolean utf8Names) throws Exception {
    return new GroupPath(utf8Names, 1).parse(RequestPath.parse("/metrics" + raw));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
      /a%2Fb/metrics/job/x/c/1      | {c="1",job="x"}
      /a%2Fb%2Fmetrics/job/x        | {job="x"}
      /a%2Fb%2Fmetrics/job/x/c/1    | {c="1",job="x"}
      /a/b/metrics%2Fjob/x          | {job="x"}
      /a/b/metrics/job%2Fx          | {job="x"}
      /a%2Fb%2Fmetrics%2Fjob%2Fx    | {job="x"}
      /%2Fa/b/metrics/job/x         | {job="x"}
      """)
  void readsGroupingKeyBehindEncodedSlashes(String path, String key) throws Exception {
    assertEquals(key, new GroupPath(false, 3).parse(RequestPath.parse(path)).toString());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
      /job/x                     | {job="x"}
      /job/x/                    | {job="x"}
      /job/x//                   | {job="x"}
      /job/x/a/1/b/2             | {a="1",b="2",job="x"}
      /job/x//a/1                | {a="1",job="x"}
      /job/x/a/                  | {a="",job="x"}
      /job/x/a@base64/           | {a="",job="x"}
      /job/x/a/1/                | {a="1",job="x"}
      /job/x/a/1//b/2//          | {a="1",b="2",job="x"}
      //job/x///a/1              | {a="1",job="x"}
      /job/x%2F                  | {job="x"}
      /job/x%2f%2F/              | {job="x"}
      /job@base64/eA%2F          | {job="x"}
      /job/x/a/1%2F              | {a="1",job="x"}
      /job/x/a/b%2Fc/            | {a="b",c="",job="x"}
      /job/x%2Fy/                | {job="x/y"}
      /job/x/p/%2Fvar            | {job="x",p="/var"}
      /job/x/a/1/a/2             | {a="2",job="x"}
      /job/x/job/y               | {job="x"}
      /job/x/a/./b/..            | {a=".",b="..",job="x"}
      /job/x/a/1+1/b/;y=z        | {a="1+1",b=";y=z",job="x"}
      /job/x%2Fy%2Fz             | {job="x/y/z"}
      /job/x/a/b%2Fc%2Fd         | {a="b/c/d",job="x"}
      /job/x/a/b%2Fc/d           | {a="b",c="d",job="x"}
      /job/x/a%2Fb/c/d           | {a="b",c="d",job="x"}
      /job/x/a%2F1%2Fb/2         | {a="1",b="2",job="x"}
      /job/x%2Fa/b/c%2Fd         | {b="c/d",job="x/a"}
      /job/x%2Fa/b               | {a="b",job="x"}
      /job@base64/dXJsX3A        | {job="url_p"}
      /job@base64/dXJsX3A=       | {job="url_p"}
      /job@base64/dXJsX3A====    | {job="url_p"}
      /job@base64/YS9iP2M        | {job="a/b?c"}
      /job/x/p@base64/L3Zhci90bXA/q/1 | {job="x",p="/var/tmp",q="1"}
      /job/x/p@base64/=          | {job="x",p=""}
      /job/x/n@base64/zqDPgc6_   | {job="x",n="Προ"}
      /job/%C3%A4%22%5C          | {job="ä\\"\\\\"}
      /job/x/U__a_2e_b/1         | {U__a_2e_b="1",job="x"}
      """)
  void readsGroupingKey(String path, String key) throws Exception {
    assertEquals(key, parse(path, false).toString());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
      /job/x/a                   | odd number of components after the job in the path: expected a value after "a"
      /job/x/a//                 | the value of label "a" is empty; to mean an empty value, write a@base64/=
      /job/x/a//b                | the value of label "a" is empty; to mean an empty value, write a@base64/=
      /job/x/a//b/1              | the value of label "a" is empty; to mean an empty value, write a@base64/=
      /job/x/a/1/b@base64//c/d   | the value of label "b" is empty; to mean an empty value, write b@base64/=
      /job/x/p//var/log          | the value of label "p" is empty; to mean an empty value, write p@base64/=
      /job/x/a//b%2Fc/d          | the value of label "a" is empty; to mean an empty value, write a@base64/=
      /job/x/a-b//c/1            | improper label name "a-b" in the path
      /job/                      | the job is missing: the path is metrics/job/JOB{/LABEL/VALUE}
      /job//                     | the job is missing: the path is metrics/job/JOB{/LABEL/VALUE}
      /job//instance/            | the job is missing: the path is metrics/job/JOB{/LABEL/VALUE}
      /job//instance             | the job is missing: the path is metrics/job/JOB{/LABEL/VALUE}
      /job//env//instance/h1     | the job is missing: the path is metrics/job/JOB{/LABEL/VALUE}
      /job@base64//zone/a        | the job is missing: the path is metrics/job/JOB{/LABEL/VALUE}
      /job/%2F                   | the job is missing: the path is metrics/job/JOB{/LABEL/VALUE}
      /job/x/a-b/1               | improper label name "a-b" in the path
      /job/x/1a/1                | improper label name "1a" in the path
      /job/x/a:b/1               | improper label name "a:b" in the path
      /job/x/%C3%A4/1            | improper label name "ä" in the path
      /job/x/a%0Ab/1             | improper label name "a\\nb" in the path
      /job/x/@base64/eA          | improper label name "" in the path
      /job/x/__name__/y          | improper label name "__name__" in the path: names that start with two underscores are reserved
      /job/x/__a@base64/Zm9v     | improper label name "__a" in the path: names that start with two underscores are reserved
      /job/x/a@base64/foo.bar    | invalid base64 encoding for label a: expected the URL-safe alphabet, found "foo.bar"
      /job/x/a@base64/Zm9+       | invalid base64 encoding for label a: expected the URL-safe alphabet, found "Zm9+"
      /job/x/a@base64/Zm9vY      | invalid base64 encoding for label a: expected the URL-safe alphabet, found "Zm9vY"
      /job/x/a@base64/_w         | invalid base64 encoding for label a: it is not UTF-8
      /job/x/a/b%2Fc             | odd number of components in the path once %2F is read as a slash; a value with a slash in it goes after LABEL@base64
      /job/x%2Fy                 | odd number of components in the path once %2F is read as a slash; a value with a slash in it goes after LABEL@base64
      /job@base64/Z              | invalid base64 encoding for label job: expected the URL-safe alphabet, found "Z"
      /job@base64/=              | the job is missing: the path is metrics/job/JOB{/LABEL/VALUE}
      /job@base64/%3D            | the job is missing: the path is metrics/job/JOB{/LABEL/VALUE}
      """)
  void refuses(String path, String message) {
    RequestRefusedException e =
        assertThrows(RequestRefusedException.class, () -> parse(path, false));
    assertEquals(message, e.getMessage());
    assertEquals(400, e.status());
  }
}
