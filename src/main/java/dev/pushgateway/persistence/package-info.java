/**
 * The log as a file, which keeps acknowledged changes. Entry points: {@link
 * dev.pushgateway.persistence.Persistence}, which the gateway knows, and {@link
 * dev.pushgateway.persistence.PersistenceFile}, which it opens. {@code LogFormat} shows the layout.
 *
 * <pre>
 *                                    interval 5m                       interval 0s
 *   process killed, out of memory    nothing acknowledged is lost      the same
 *   power loss, kernel crash         the last 5 minutes may be lost    nothing acknowledged is lost
 * </pre>
 *
 * <p>Damage. Each record is checked when it is read. A damaged record only loses its own change:
 * the records behind it are found again. A record is one change, not the whole state of a group.
 * After a loss, the group is as if the change had never been made. Families of a lost push show
 * their earlier values. Families that a lost PUT or DELETE had removed are present again. The next
 * PUT or DELETE of the group corrects this. Compaction writes a group as one record. If that is
 * lost, the group is lost, except for later pushes.
 *
 * <p>Each loss is logged with its offset and counted in a metric, and the damaged file is kept
 * under another name. Records have numbers, and a note in the file has the number of the last one
 * known to be on the disk. Missing, duplicate and moved records are therefore noticed as well. If a
 * push added families to a group after a loss, the group may mix two states, and a log line names
 * it.
 *
 * <p>Space. The volume must have room for twice the content plus 1 MiB: a compaction writes the new
 * file beside the old one. {@code Room} keeps this space free. Compaction happens when the file is
 * long, when free space runs out, after a wipe, and if a change cannot be appended.
 *
 * <p>Names. A file without a name is lost with the process. The name is therefore checked before
 * each append and after each sync. A file that has lost its name is rewritten.
 *
 * <p>Files beside the persistence file FILE: {@code FILE.lock}, always; {@code FILE.rewrite}, while
 * it is being rewritten; {@code FILE.go-backup}, the Go Pushgateway's file after its import; {@code
 * FILE.damaged-<time>}, a file of which some records could not be read; {@code
 * FILE.unreadable-<time>}, a file that could not be read at all; {@code FILE.foreign-<time>}, a
 * file that another process has replaced or changed while the gateway ran. Only {@code
 * FILE.rewrite} is ever removed or overwritten.
 *
 * <p>Threads. Each change is appended by its own thread, one at a time. One thread syncs at the
 * interval, compacts and mends; with {@code 0s}, another one syncs. If a change finds no room or no
 * file, its own thread compacts or mends. A disk that hangs blocks changes, but neither scrapes nor
 * health checks.
 */
package dev.pushgateway.persistence;
