package dev.pushgateway.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryStringTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "NONE",
      textBlock =
          """
      NONE                            | []
      ''                              | []
      name[]=a&name[]=b&name[]=a      | [a, b]
      name%5B%5D=a%20b                | [a b]
      name[]=a+b                      | [a b]
      name[]                          | []
      name=a&x                        | []
      name[]=%zz&name[]=c             | [c]
      name[]=a=b                      | [a=b]
      """)
  void readsValues(String query, String values) {
    String found = QueryString.values(query, "name[]").toString();
    assertEquals(values, found.equals("[]") ? "[]" : found);
  }
}
