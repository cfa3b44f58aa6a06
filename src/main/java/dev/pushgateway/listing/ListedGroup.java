package dev.pushgateway.listing;

import dev.pushgateway.store.Group;
import dev.pushgateway.store.Group.Family;
import java.util.BitSet;
import java.util.List;

/**
 * A listed group with its listed families.
 *
 * @param families sorted by name
 */
public record ListedGroup(Group group, List<ListedFamily> families) {

  /**
   * A listed family.
   *
   * @param metrics indexes of the listed metrics
   * @param count number of the listed metrics
   */
  record ListedFamily(Family family, BitSet metrics, int count) {
    static ListedFamily whole(Family family) {
      int size = family.block().size();
      BitSet all = new BitSet(size);
      all.set(0, size);
      return new ListedFamily(family, all, size);
    }
  }
}
