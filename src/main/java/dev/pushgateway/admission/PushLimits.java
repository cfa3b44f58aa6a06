package dev.pushgateway.admission;

import dev.pushgateway.parse.SeriesLimits;

/**
 * The limits of a push.
 *
 * @param body limits of its size and its time
 * @param series limits of its series and labels
 * @param maxConcurrent maximum number of concurrent pushes; 0 for no limit
 */
public record PushLimits(BodyLimits body, SeriesLimits series, long maxConcurrent) {
  public static final PushLimits DEFAULT = new PushLimits(BodyLimits.DEFAULT, SeriesLimits.NONE, 0);

  public PushLimits {
    maxConcurrent = maxConcurrent == 0 ? Long.MAX_VALUE : maxConcurrent;
  }
}
