package dev.pushgateway.access;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What somebody may be allowed to do. None of them includes another. */
public enum Role {
  /** Push to groups. */
  PUSH,
  /** Delete groups, one at a time. */
  DELETE,
  /** Read: scrape, list, look at the page and at the status. */
  SCRAPE,
  /** Remove everything at once, and end the process; if flags enable that. */
  ADMIN;

  /** As in the file and in messages: {@code push}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Role> of(String word) {
    return Stream.of(values()).filter(role -> role.word().equals(word)).findFirst();
  }
}
