package dev.pushgateway.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.TreeMap;
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

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "NONE",
      textBlock =
          """
      NONE                  | {}
      ''                    | {=[]}
      a=1&b=2&a=1&a=3       | {a=[1, 3], b=[2]}
      a%5B%5D=x%20y+z%2b&c= | {a[]=[x y z+], c=[]}
      a=%C3%BC&ü=ü          | {a=[ü], ü=[ü]}
      """)
  void readsAllParameters(String query, String parameters) throws Exception {
    assertEquals(parameters, new TreeMap<>(QueryString.parse(query)).toString());
  }
}
