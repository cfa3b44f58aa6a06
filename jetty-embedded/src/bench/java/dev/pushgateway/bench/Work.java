package dev.pushgateway.bench;

import static dev.pushgateway.bench.Unit.MEGABYTES;
import static dev.pushgateway.bench.Unit.MILLIS;
import static dev.pushgateway.bench.Unit.PER_SECOND;
import static dev.pushgateway.bench.Unit.PUSHES;
import static dev.pushgateway.bench.Unit.SECONDS;

import java.util.Locale;
import java.util.Optional;

/**
 * Every row of the table: what is done, in which unit it is told, and what is to be reached.
 *
 * <p>A goal of 0 is none. {@code timesChecked} and {@code timesUnchecked} are how many times better
 * than the Go gateway with its check on and off, {@code limit} is a figure that ours must keep to,
 * {@code timesBase} how many times the figure of ours for another work, {@code base}, it must be.
 */
enum Work {
  PUSH_EMPTY("push of 10 series, empty store", MILLIS, 5, 1, 0),
  PUSH_100K("push of 10 series, 100k series stored", MILLIS, 1_000, 1, 0),
  PUSH_20K_GROUPS("push of 10 series, 200k series stored in 20k groups", MILLIS, 5_000, 1, 0),
  PUSH_1M("push of 10 series, 1M series stored", MILLIS, 20_000, 1, 0),
  RATE_100_GROUPS("pushes of 10 series, 16 connections, 100 groups", PER_SECOND, 30, 1.5, 0),
  RATE_10K_GROUPS("pushes of 10 series, 16 connections, 10,000 groups", PER_SECOND, 8_000, 1.5, 0),
  CPU_100_GROUPS("server CPU per push of 10 series, 100 groups", MILLIS, 0, 3, 0),
  CPU_10K_GROUPS("server CPU per push of 10 series, 10,000 groups", MILLIS, 0, 3, 0),
  FRESH_CPU_100(
      "after a start, first 100 pushes of 10 series: server CPU per push", MILLIS, 0, 0, 0),
  FRESH_CPU_1K("after a start, first 1,000 pushes: server CPU per push", MILLIS, 0, 0, 0),
  FRESH_CPU_10K("after a start, first 10,000 pushes: server CPU per push", MILLIS, 0, 0, 0),
  FRESH_TIME_100("after a start, first 100 pushes of 10 series: time of a push", MILLIS, 0, 0, 0),
  FRESH_TIME_1K("after a start, first 1,000 pushes: time of a push", MILLIS, 0, 0, 0),
  FRESH_TIME_10K("after a start, first 10,000 pushes: time of a push", MILLIS, 0, 0, 0),
  FRESH_SCRAPE("after a start, first scrape, gzip, 1,000 series in 100 groups", MILLIS, 0, 0, 0),
  LARGE_TEXT_CPU("push of 15,000 series, 100k stored, text: server CPU", MILLIS, 40, 10, 0),
  LARGE_TEXT_WALL("push of 15,000 series, 100k stored, text: time", MILLIS, 0, 0, 0),
  LARGE_GZIP_CPU("push of 15,000 series, 100k stored, gzip: server CPU", MILLIS, 30, 7, 0),
  LARGE_GZIP_WALL("push of 15,000 series, 100k stored, gzip: time", MILLIS, 0, 0, 0),
  LARGE_PROTOBUF_CPU("push of 15,000 series, 100k stored, protobuf: server CPU", MILLIS, 30, 5, 0),
  LARGE_PROTOBUF_WALL("push of 15,000 series, 100k stored, protobuf: time", MILLIS, 0, 0, 0),
  SCRAPE_100K_PLAIN("scrape of 100k series, plain", MILLIS, 0, 0, 0),
  SCRAPE_100K_PROTOBUF("scrape of 100k series, protobuf", MILLIS, 0, 0, 0),
  SCRAPE_100K_GZIP("scrape of 100k series, gzip, unchanged", MILLIS, 0, 0, 0),
  SCRAPE_100K_GZIP_PUSHED("scrape of 100k series, gzip, after one small push", MILLIS, 0, 0, 0),
  SCRAPE_100K_GZIP_ALL(
      "scrape of 100k series, gzip, after all groups were pushed", MILLIS, 0, 0, 0),
  SCRAPE_1M_PLAIN("scrape of 1M series, plain", MILLIS, 0, 40, 0),
  SCRAPE_1M_PROTOBUF("scrape of 1M series, protobuf", MILLIS, 0, 20, 0),
  SCRAPE_1M_GZIP("scrape of 1M series, gzip, unchanged", MILLIS, 0, 200, 0),
  SCRAPE_1M_GZIP_PUSHED("scrape of 1M series, gzip, after one small push", MILLIS, 0, 100, 0),
  SCRAPE_1M_GZIP_ALL("scrape of 1M series, gzip, after all groups were pushed", MILLIS, 0, 6, 0),
  SCRAPE_20K_GROUPS_PLAIN("scrape of 200k series in 20k groups, plain", MILLIS, 0, 40, 0),
  SCRAPE_20K_GROUPS_PROTOBUF("scrape of 200k series in 20k groups, protobuf", MILLIS, 0, 0, 0),
  SCRAPE_20K_GROUPS_GZIP("scrape of 200k series in 20k groups, gzip, unchanged", MILLIS, 0, 100, 0),
  SCRAPE_20K_GROUPS_GZIP_PUSHED(
      "scrape of 200k series in 20k groups, gzip, after one small push", MILLIS, 0, 0, 0),
  SCRAPE_20K_GROUPS_GZIP_ALL(
      "scrape of 200k series in 20k groups, gzip, after all groups were pushed", MILLIS, 0, 0, 0),
  BESIDE_SCRAPES_100K("p99 of a push during continuous scrapes, 100k series", MILLIS, 300, 0, 0),
  BESIDE_NOTHING_1M("push of 10 series, one every 2 ms, 1M series stored", MILLIS, 0, 0, 0),
  BESIDE_SCRAPES_1M("p99 of a push during continuous scrapes, 1M series", BESIDE_NOTHING_1M, 10),
  LISTING_FIRST_BYTE("JSON listing of 100k series, first byte", MILLIS, 0, 0, 10),
  LISTING("JSON listing of 100k series", MILLIS, 0, 5, 0),
  MEMORY_100K("memory 20 s after fill and scrape, 100k series", MEGABYTES, 0, 0, 0),
  MEMORY_20K_GROUPS(
      "memory 20 s after fill and scrape, 200k series in 20k groups", MEGABYTES, 0, 0, 0),
  MEMORY_1M("memory 20 s after fill and scrape, 1M series", MEGABYTES, 0, 3, 0),
  HEAVY_DONE("100 pushers of 15,000 series per minute, 75 s: pushes done", PUSHES, 0, 0, 123),
  HEAVY_P99("100 pushers of 15,000 series per minute, 75 s: p99 of a push", SECONDS, 0, 0, 0.3),
  HEAVY_CPU("100 pushers of 15,000 series per minute, 75 s: server CPU", SECONDS, 0, 0, 15),
  HEAVY_MEMORY("100 pushers of 15,000 series per minute, 75 s: peak memory", MEGABYTES, 4, 0, 0),
  RATE_NO_FILE("pushes of 10 series, 16 connections, no persistence file", PER_SECOND, 0, 0, 0),
  RATE_FILE_5M("pushes of 10 series, 16 connections, file, interval 5m", RATE_NO_FILE, 0.9),
  RATE_FILE_0S_ONE("pushes of 10 series, 1 connection, file, interval 0s", PER_SECOND, 0, 0, 0),
  RATE_FILE_0S("pushes of 10 series, 16 connections, file, interval 0s", RATE_FILE_0S_ONE, 5),
  FILE_1M("persistence file, 1M series", MEGABYTES, 0, 0, 0),
  START_READY("start with 1M series persisted: ready", MILLIS, 0, 1, 0),
  START_SCRAPED("start with 1M series persisted: first gzip scrape done", MILLIS, 0, 4, 0),
  LAUNCHER_READY("start with 1M series persisted, with the launcher: ready", MILLIS, 0, 1, 0),
  LAUNCHER_SCRAPED(
      "start with 1M series persisted, with the launcher: first gzip scrape done", MILLIS, 0, 4, 0),
  WIPE_QUIET("wipe of 5,000 groups until a scrape shows none", MILLIS, 0, 3, 0),
  WIPE_LOADED("wipe of 5,000 groups until a scrape shows none, under load", MILLIS, 0, 3, 0);

  final String title;
  final Unit unit;
  final double timesChecked;
  final double timesUnchecked;
  final double limit;
  final Optional<Work> base;
  final double timesBase;

  Work(String title, Unit unit, double timesChecked, double timesUnchecked, double limit) {
    this.title = title;
    this.unit = unit;
    this.timesChecked = timesChecked;
    this.timesUnchecked = timesUnchecked;
    this.limit = limit;
    this.base = Optional.empty();
    this.timesBase = 0;
  }

  Work(String title, Work base, double timesBase) {
    this.title = title;
    this.unit = base.unit;
    this.timesChecked = 0;
    this.timesUnchecked = 0;
    this.limit = 0;
    this.base = Optional.of(base);
    this.timesBase = timesBase;
  }

  /** The name on the command line: {@code push-empty}. */
  String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
