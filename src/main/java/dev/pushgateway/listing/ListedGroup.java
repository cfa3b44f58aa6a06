package dev.pushgateway.listing;

import dev.pushgateway.store.Group;
import dev.pushgateway.store.Group.Family;
import java.util.BitSet;
import java.util.List;

/**
 * A group that is part of a listing, and what of it is.
 *
 * @param families sorted by name; all of the group if nothing else was asked for
 */
public record ListedGroup(Group group, List<ListedFamily> families) {

  /** A family that is part of a listing: which of its metrics are, and how many they are. */
  record ListedFamily(Family family, BitSet metrics, int count) {
    static ListedFamily whole(Family family) {
      int size = family.block().size();
      BitSet all = new BitSet(size);
      all.set(0, size);
      return new ListedFamily(family, all, size);
    }
  }
}
