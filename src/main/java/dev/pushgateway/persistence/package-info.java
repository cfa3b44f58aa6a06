/**
 * The log as a file: what was acknowledged is never lost. Entry points: {@link
 * dev.pushgateway.persistence.Persistence}, which the gateway knows, and {@link
 * dev.pushgateway.persistence.PersistenceFile}, which it opens; the layout is drawn in {@code
 * LogFormat}.
 *
 * <pre>
 *                                    interval 5m                       interval 0s
 *   process killed, out of memory    nothing acknowledged is lost      the same
 *   power loss, kernel crash         the last 5 minutes may be lost    nothing acknowledged is lost
 * </pre>
 *
 * <p>Damage. Each record is checked when it is read. One that fails costs the change it held, and
 * that only: the records behind it are found again. As a record is one change, not the whole state
 * of a group, its group is then as it was without that change, and later changes are made to that:
 * the families of a lost push show their values from before, what a lost PUT or DELETE had removed
 * is there again, until the next PUT or DELETE of the group. Compaction brings a group into one
 * record; if that is lost, so is the group, but for what was pushed since. Each loss is logged with
 * its offset, counted in a metric, and the damaged file is kept under another name. Records have
 * numbers, and the header notes the last one that is known to be on the disk, so that a whole
 * record that is gone, twice there or moved is noticed, too. A group to which something was added
 * after a loss is named in the log, as it may mix two states.
 *
 * <p>Space. The content must fit twice on the volume, plus 1 MiB: a compaction writes the new file
 * beside the old one. {@code Room} keeps that much free. The file is compacted when it is long,
 * when that room ends, after a wipe, and by a change that cannot be appended.
 *
 * <p>Names. A file without a name is lost with the process. So the name is looked at before each
 * append and after each sync, and the file is written anew if it has lost it.
 *
 * <p>Files beside the persistence file FILE: {@code FILE.lock}, always; {@code FILE.rewrite}, while
 * it is being rewritten; {@code FILE.go-backup}, the Go Pushgateway's file after its import; {@code
 * FILE.damaged-<time>} and {@code FILE.unreadable-<time>}, what could not be read in part or at
 * all; {@code FILE.foreign-<time>}, what somebody else has put in its place or made of it while the
 * gateway ran. None of these is ever removed or overwritten but {@code FILE.rewrite}.
 *
 * <p>Threads: changes are appended by those that make them, one at a time; one thread syncs,
 * compacts and mends. A change that finds no room, or no file, compacts or mends itself. A disk
 * that hangs holds up changes, but neither scrapes nor health.
 */
package dev.pushgateway.persistence;
