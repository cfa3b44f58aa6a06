package dev.pushgateway.logging;

import java.time.Instant;
import java.util.List;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * The content of a log line.
 *
 * @param caller the simple name of the class that logs
 * @param attributes names and values after the message, in order
 */
record LogLine(
    Instant time, Level level, String caller, String message, List<KeyValuePair> attributes) {}
