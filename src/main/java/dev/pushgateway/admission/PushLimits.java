package dev.pushgateway.admission;

import dev.pushgateway.parse.SeriesLimits;

/**
 * How much a push may have.
 *
 * @param body of bytes
 * @param series of what is in them
 * @param maxConcurrent how many pushes are served at a time; 0 for any number
 */
public record PushLimits(BodyLimits body, SeriesLimits series, long maxConcurrent) {
  public static final PushLimits DEFAULT = new PushLimits(BodyLimits.DEFAULT, SeriesLimits.NONE, 0);

  public PushLimits {
    maxConcurrent = maxConcurrent == 0 ? Long.MAX_VALUE : maxConcurrent;
  }
}
