package dev.pushgateway.disk;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A disk in memory that knows what it has been told to sync, and fails when told to.
 *
 * <p>A power loss takes it back to what was synced: of a file, its content at its last sync; of the
 * folder, its names at its last sync. That is harsher than real disks, which is the point.
 */
public final class MemoryDisk implements Disk {
  private static final class Content {
    byte[] bytes = new byte[0];
    byte[] synced = new byte[0];
  }

  private static final int BLOCK_LENGTH = 4096;

  private final Map<Path, Content> names = new HashMap<>();
  private final Map<Path, Content> syncedNames = new HashMap<>();
  private final List<MemoryHandle> handles = new ArrayList<>();

  private long operations;
  private long failFrom = Long.MAX_VALUE;
  private long failTo = Long.MAX_VALUE;
  private long capacity = Long.MAX_VALUE;
  private long volume = Long.MAX_VALUE;
  private int syncs;
  private Keys keys = Keys.STABLE;
  private boolean lengthsByName = true;
  private Runnable beforeSync = () -> {};

  /**
   * Fails the operation of this number, from 1, counted from now, and {@code count - 1} after it.
   */
  public synchronized void failAt(long number, long count) {
    operations = 0;
    failFrom = number;
    failTo = count >= Long.MAX_VALUE - number ? Long.MAX_VALUE : number + count;
  }

  public synchronized void heal() {
    failFrom = Long.MAX_VALUE;
    capacity = Long.MAX_VALUE;
  }

  public synchronized boolean hasFailed() {
    return operations >= failFrom;
  }

  /** No file gets longer than this. */
  public synchronized void capacity(long bytes) {
    capacity = bytes;
  }

  /**
   * All files together get no longer than this. A file takes whole blocks, and takes them until it
   * has no name and is closed.
   */
  public synchronized void volume(long bytes) {
    volume = bytes;
  }

  @Override
  public synchronized long freeBytes(Path folder) {
    return volume == Long.MAX_VALUE ? volume : Math.max(0, volume - usedBytes());
  }

  private long usedBytes() {
    Set<Content> contents = Collections.newSetFromMap(new IdentityHashMap<>());
    contents.addAll(names.values());
    handles.forEach(handle -> contents.add(handle.content));
    return contents.stream().mapToLong(content -> blocks(content.bytes.length)).sum();
  }

  private static long blocks(long length) {
    return (length + BLOCK_LENGTH - 1) / BLOCK_LENGTH * BLOCK_LENGTH;
  }

  /** What a file can still get, whose length is this. */
  private long limit(Content content) {
    long others = usedBytes() - blocks(content.bytes.length);
    return volume == Long.MAX_VALUE ? capacity : Math.min(capacity, volume - others);
  }

  @Override
  public synchronized boolean hasOtherNames(Path path) {
    Content content = names.get(path);
    return names.values().stream().filter(other -> other == content).count() > 1;
  }

  public synchronized void beforeSync(Runnable action) {
    beforeSync = action;
  }

  public synchronized int syncs() {
    return syncs;
  }

  /** The process is gone; what it has written is not. */
  public synchronized void kill() {
    for (MemoryHandle handle : handles) {
      handle.dead = true;
    }
    handles.clear();
    heal();
  }

  /** The machine is gone; what is on the disk is not. */
  public synchronized void powerLoss() {
    kill();
    names.clear();
    names.putAll(syncedNames);
    for (Content content : names.values()) {
      content.bytes = content.synced;
    }
  }

  public synchronized byte[] content(Path path) {
    return names.get(path).bytes.clone();
  }

  public synchronized void put(Path path, byte[] bytes) {
    Content content = new Content();
    content.bytes = bytes.clone();
    content.synced = content.bytes;
    names.put(path, content);
    syncedNames.put(path, content);
  }

  public synchronized TreeSet<String> fileNames() {
    TreeSet<String> all = new TreeSet<>();
    names.keySet().forEach(path -> all.add(path.getFileName().toString()));
    return all;
  }

  private void operation() throws IOException {
    operations++;
    if (operations >= failFrom && operations < failTo) {
      throw new IOException("Input/output error");
    }
  }

  @Override
  public synchronized Handle open(Path path) throws IOException {
    operation();
    MemoryHandle handle = new MemoryHandle(names.computeIfAbsent(path, p -> new Content()));
    handles.add(handle);
    return handle;
  }

  @Override
  public synchronized Handle create(Path path, Optional<Path> like) throws IOException {
    delete(path);
    return open(path);
  }

  @Override
  public synchronized Optional<Entry> entry(Path path) throws IOException {
    operation();
    Content content = names.get(path);
    if (content == null) {
      return Optional.empty();
    }
    Object key =
        switch (keys) {
          case STABLE -> content;
          case UNSTABLE -> new Object();
          case NONE -> null;
        };
    return Optional.of(new Entry(key, lengthsByName ? content.bytes.length : 0));
  }

  /** What this disk tells of its files. */
  public enum Keys {
    STABLE,
    UNSTABLE,
    NONE
  }

  public synchronized void keys(Keys kind) {
    keys = kind;
  }

  /** From now on each file looks empty from outside. */
  public synchronized void hideLengths() {
    lengthsByName = false;
  }

  /** Somebody else writes into a file, or truncates it. */
  public synchronized void meddle(Path path, UnaryOperator<byte[]> change) {
    Content content = names.get(path);
    content.bytes = change.apply(content.bytes.clone());
  }

  @Override
  public synchronized void move(Path source, Path target) throws IOException {
    operation();
    Content content = names.remove(source);
    if (content == null) {
      throw new NoSuchFileException(source.toString());
    }
    names.put(target, content);
  }

  @Override
  public synchronized void keep(Path source, Path target) throws IOException {
    operation();
    if (names.containsKey(target)) {
      throw new IOException(target + " exists");
    }
    names.put(target, names.get(source));
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    operation();
    names.remove(path);
  }

  @Override
  public synchronized void syncFolder(Path folder) throws IOException {
    operation();
    syncedNames.clear();
    syncedNames.putAll(names);
  }

  private final class MemoryHandle implements Handle {
    private final Content content;
    private boolean dead;

    MemoryHandle(Content content) {
      this.content = content;
    }

    @Override
    public long length() {
      synchronized (MemoryDisk.this) {
        return content.bytes.length;
      }
    }

    @Override
    public int read(long offset, byte[] bytes, int from, int to) throws IOException {
      synchronized (MemoryDisk.this) {
        operation();
        int count = (int) Math.max(0, Math.min(to - from, content.bytes.length - offset));
        if (count > 0) {
          System.arraycopy(content.bytes, (int) offset, bytes, from, count);
        }
        return count;
      }
    }

    @Override
    public void write(long offset, byte[] bytes, int from, int to) throws IOException {
      synchronized (MemoryDisk.this) {
        IOException failure = null;
        int end = to;
        try {
          checkAlive();
          operation();
          if (offset + to - from > limit(content)) {
            throw new IOException("No space left on device");
          }
        } catch (IOException e) {
          failure = e;
          end = from + (to - from) / 2; // As disks do: some of it is written.
          end = (int) Math.max(from, Math.min(end, from + limit(content) - offset));
        }
        if (!dead) {
          store(offset, bytes, from, end - from);
        }
        if (failure != null) {
          throw failure;
        }
      }
    }

    private void store(long offset, byte[] bytes, int from, int length) {
      int end = (int) offset + length;
      // A new array each time: the synced content must not change with it.
      byte[] changed = Arrays.copyOf(content.bytes, Math.max(end, content.bytes.length));
      System.arraycopy(bytes, from, changed, (int) offset, length);
      content.bytes = changed;
    }

    @Override
    public void truncate(long length) throws IOException {
      synchronized (MemoryDisk.this) {
        checkAlive();
        operation();
        content.bytes = Arrays.copyOf(content.bytes, (int) length);
      }
    }

    @Override
    public void sync() throws IOException {
      Runnable action;
      byte[] seen;
      synchronized (MemoryDisk.this) {
        checkAlive();
        operation();
        action = beforeSync;
        seen = content.bytes;
      }
      action.run();
      synchronized (MemoryDisk.this) {
        syncs++;
        content.synced = seen;
      }
    }

    private void checkAlive() throws IOException {
      if (dead) {
        throw new IOException("the process is dead");
      }
    }

    @Override
    public void close() {
      synchronized (MemoryDisk.this) {
        handles.remove(this);
      }
    }
  }
}
