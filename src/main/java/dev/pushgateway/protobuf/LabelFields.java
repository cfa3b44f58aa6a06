package dev.pushgateway.protobuf;

import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Names;
import java.util.TreeMap;

/**
 * Collects labels in plain form from {@code LabelPair} messages. Of several labels with the same
 * name, the last one wins.
 */
public final class LabelFields {
  private final TreeMap<String, String> labels = new TreeMap<>(Names.BY_CODE_POINT);

  public void readLabel(ProtobufReader in) throws ExpositionException {
    String name = "";
    String value = "";
    int outerLimit = in.enter();
    while (in.hasMore()) {
      int tag = in.readTag();
      switch (tag) {
        case ProtobufTags.LABEL_NAME -> name = in.readString();
        case ProtobufTags.LABEL_VALUE -> value = in.readString();
        default -> in.skipUnknown(tag, ProtobufSchema.LABEL);
      }
    }
    in.leave(outerLimit);
    labels.put(name, value);
  }

  public Labels toLabels() {
    return labels.isEmpty() ? Labels.EMPTY : Labels.of(labels);
  }
}
