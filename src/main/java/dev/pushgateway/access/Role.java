package dev.pushgateway.access;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Something that a client may be allowed to do. No role includes another. */
public enum Role {
  /** Push to groups. */
  PUSH,
  /** Delete single groups. */
  DELETE,
  /** Read: scrape, list, see the web page and the status. */
  SCRAPE,
  /** Wipe all groups and end the process, if flags enable that. */
  ADMIN;

  /** Returns the name of the role in files and messages: {@code push}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Role> of(String word) {
    return Stream.of(values()).filter(role -> role.word().equals(word)).findFirst();
  }
}
