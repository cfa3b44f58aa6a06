package dev.pushgateway.bench;

/** What is measured: one column of the table each. */
enum Kind {
  GO_CHECKED("Go, check on"),
  GO_UNCHECKED("Go, check off"),
  OURS("ours");

  final String title;

  Kind(String title) {
    this.title = title;
  }
}
