/** Deletes one group, all matching groups, or all groups. First shows which groups these are. */

import * as api from './api.js';
import { confirm } from './confirm.js';
import { parameters } from './filters.js';
import { count, counted } from './format.js';
import { keyView } from './group.js';

const MAX_NAMED = 50;
const AT_ONCE = 4;
const COLLECTED_AT_ONCE = 1000;

export function deleteOne(group) {
  return confirm({
    title: 'Delete this group?',
    text: group.series === undefined
      ? 'A new push brings the group back.'
      : `Its ${counted(group.series, 'series', 'series')} will be gone from the next scrape on. A new push brings the group back.`,
    items: [keyView(group.labels)],
    action: 'Delete group',
  }, () => api.deleteGroup(group.path));
}

/** Deletes all groups that match the filters, on all pages. */
export async function deleteShown() {
  const groups = await matching();
  if (groups.length === 0) {
    return false;
  }
  const series = groups.reduce((sum, group) => sum + group.series, 0);
  return confirm({
    title: `Delete ${counted(groups.length, 'group')}?`,
    text: `All groups that match the filters, on all pages, with ${counted(series, 'series', 'series')}:`,
    items: named(groups),
    action: `Delete ${counted(groups.length, 'group')}`,
  }, (tell, isStopped) => deleteAll(groups, tell, isStopped));
}

export async function wipe() {
  const { totals } = await api.status();
  const { groups } = await api.groups({ limit: MAX_NAMED });
  return confirm({
    title: 'Delete everything?',
    text: `All ${counted(totals.groups, 'group')} with ${counted(totals.series, 'series', 'series')}, whatever the filters show:`,
    items: named(groups, totals.groups),
    action: 'Delete everything',
  }, () => api.wipe());
}

async function matching() {
  const all = [];
  let cursor = '';
  do {
    const page = await api.groups({ ...parameters(), limit: COLLECTED_AT_ONCE, cursor });
    all.push(...page.groups);
    cursor = page.next;
  } while (cursor);
  return all;
}

function named(groups, total = groups.length) {
  const items = groups.slice(0, MAX_NAMED).map((group) => keyView(group.labels));
  return total > items.length ? [...items, `and ${count(total - items.length)} more`] : items;
}

async function deleteAll(groups, tell, isStopped) {
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < groups.length && !isStopped()) {
      await api.deleteGroup(groups[next++].path);
      tell(`Deleted ${count(++done)} of ${count(groups.length)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
