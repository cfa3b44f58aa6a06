package dev.pushgateway.store;

import java.util.Optional;

/**
 * The result of a push: accepted or refused. A refused push only changes the push failure time of
 * its group.
 *
 * @param refusal why the push was refused, in one sentence; empty if it was accepted
 */
public record Verdict(Optional<String> refusal) {
  static final Verdict ACCEPTED = new Verdict(Optional.empty());

  static Verdict of(String refusal) {
    return refusal == null ? ACCEPTED : new Verdict(Optional.of(refusal));
  }

  public boolean isAccepted() {
    return refusal.isEmpty();
  }
}
