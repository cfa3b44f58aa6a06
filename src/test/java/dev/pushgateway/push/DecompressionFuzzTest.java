package dev.pushgateway.push;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pushgateway.admission.BodyLimits;
import dev.pushgateway.admission.HeapBudget;
import dev.pushgateway.admission.OverloadedException;
import dev.pushgateway.request.RequestRefusedException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/**
 * Throws anything at what reads bodies, compressed and not. {@code JAZZER_FUZZ=1 mvn -pl src test
 * -Dtest=DecompressionFuzzTest#gzip} looks for new inputs.
 */
class DecompressionFuzzTest {
  private static final int MAX_BYTES = 100_000;
  private static final Set<Integer> STATUSES = Set.of(400, 413);

  private final BodyReader reader =
      new BodyReader(new BodyLimits(MAX_BYTES, MAX_BYTES, Duration.ZERO, 0));
  private final PushScratch scratch = new PushScratch(true);
  private final HeapBudget budget = new HeapBudget(64 << 20, Optional::empty);

  @FuzzTest(maxDuration = "2m")
  void gzip(byte[] body) {
    read(body, "gzip");
  }

  @FuzzTest(maxDuration = "2m")
  void snappy(byte[] body) {
    read(body, "snappy");
  }

  @FuzzTest(maxDuration = "1m")
  void whatWasCompressedComesOutAgain(byte[] body) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (body.length > MAX_BYTES) {
      return;
    }
    assertTrue(read(compressed.toByteArray(), "gzip"));
    assertArrayEquals(body, Arrays.copyOf(scratch.bytes, scratch.length));
    assertTrue(read(body, "identity"));
    assertArrayEquals(body, Arrays.copyOf(scratch.bytes, scratch.length));
  }

  /** Whether a body could be read; if not, with a sentence. */
  private boolean read(byte[] body, String encoding) {
    try (HeapBudget.Reservation memory = budget.open(true)) {
      reader.read(request(body, encoding), scratch, memory);
      assertTrue(scratch.length <= MAX_BYTES);
      return true;
    } catch (OverloadedException e) {
      throw new AssertionError(e);
    } catch (RequestRefusedException e) {
      assertTrue(STATUSES.contains(e.status()), e.getMessage());
      return false;
    } finally {
      assertTrue(budget.reservedBytes() == 0, "all is given back");
    }
  }

  /** The few things that a reader of bodies asks a request for. */
  private static HttpServletRequest request(byte[] body, String encoding) {
    ServletInputStream in = new Body(new ByteArrayInputStream(body));
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            DecompressionFuzzTest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getContentLengthLong" -> -1L;
                  case "getHeader" -> arguments[0].equals("Content-Encoding") ? encoding : null;
                  case "getInputStream" -> in;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static final class Body extends ServletInputStream {
    private final ByteArrayInputStream bytes;

    Body(ByteArrayInputStream bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      return bytes.read(target, offset, length);
    }

    @Override
    public boolean isFinished() {
      return bytes.available() == 0;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new UnsupportedOperationException();
    }
  }
}
