package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.junit.jupiter.api.Test;

/** What is seen of a connection, between two looks at which anything may have been counted. */
class WatchedConnectionTest {
  private static final int BUFFER = 8 << 10;

  private final Counts counts = new Counts(new ByteArrayEndPoint());
  private final WatchedConnection watched = new WatchedConnection(counts.getEndPoint(), 0);

  /** A connection that has counted so much. */
  private static final class Counts extends AbstractConnection {
    long bytesIn;
    long requests;
    long answers;

    Counts(ByteArrayEndPoint endPoint) {
      super(endPoint, Runnable::run);
      endPoint.setConnection(this);
    }

    @Override
    public long getBytesIn() {
      return bytesIn;
    }

    @Override
    public long getBytesOut() {
      return 0;
    }

    @Override
    public long getMessagesIn() {
      return requests;
    }

    @Override
    public long getMessagesOut() {
      return answers;
    }

    @Override
    public void onFillable() {
      throw new AssertionError();
    }
  }

  @Test
  void bodyOfWhichSomeComesBeforeItsRequestIsCounted_holdsThread() {
    watched.updateActivity(1);
    counts.bytesIn = BUFFER; // A thread has read that and is about to parse it.
    watched.updateActivity(2);
    counts.bytesIn = BodyCollector.MAX_BYTES + 1;
    counts.requests = 1;
    watched.updateActivity(3);
    assertTrue(watched.holdsThread());
  }

  @Test
  void ofTheNextRequestOnlyItsOwnBytesCount() {
    counts.bytesIn = BodyCollector.MAX_BYTES + 1;
    counts.requests = 1;
    watched.updateActivity(1);
    assertTrue(watched.holdsThread());
    counts.answers = 1;
    watched.updateActivity(2);
    assertFalse(watched.holdsThread());
    counts.bytesIn += BUFFER;
    counts.requests = 2;
    watched.updateActivity(3);
    assertFalse(watched.holdsThread());
    counts.bytesIn += BodyCollector.MAX_BYTES;
    watched.updateActivity(4);
    assertTrue(watched.holdsThread());
  }
}
