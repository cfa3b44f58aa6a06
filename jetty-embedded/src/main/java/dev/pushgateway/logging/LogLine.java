package dev.pushgateway.logging;

import java.time.Instant;
import java.util.List;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * What a log line says.
 *
 * @param caller the class that logs
 * @param attributes names and values beside the message, in order
 */
record LogLine(
    Instant time, Level level, String caller, String message, List<KeyValuePair> attributes) {}
