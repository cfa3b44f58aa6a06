/** Shows one group: a row of the table, and its families below if the row is open. */

import * as api from './api.js';
import { h, shorten } from './dom.js';
import { familyView } from './family.js';
import { absolute, bytes, count, relative } from './format.js';

const MAX_VALUE = 300;

/** For groups with more series than this, no metrics are loaded until the user asks. */
const MAX_SERIES_AT_ONCE = 2000;
const FIRST_METRICS = 20;
const MORE_METRICS = 200;

/** Families that the gateway adds; the row shows their values. */
const OWN = ['push_time_seconds', 'push_failure_time_seconds'];

let ids = 0;

/** Returns the labels of a group as elements, the job first. */
export function keyView(labels) {
  const { job, ...others } = labels;
  return h('span.key', {},
    h('span.job', {}, shorten(job, MAX_VALUE)),
    Object.entries(others).map(([name, value]) => h('span.pair.mono', {},
      h('span.name', {}, name), '=', h('span.value', {}, `"${shorten(value, MAX_VALUE)}"`))));
}

/** Returns the labels of a group on one line, for screen readers. */
export const keyText = (labels) => Object.entries(labels)
  .sort(([a], [b]) => (a === 'job' ? -1 : b === 'job' ? 1 : 0))
  .map(([name, value]) => `${name}="${shorten(value, 60)}"`).join(', ');

export class GroupRow {
  /**
   * Creates a row.
   *
   * @param onDelete called with the group
   * @param onProblem called with an error
   */
  constructor(group, { onDelete, onProblem }) {
    this.group = group;
    this.onProblem = onProblem;
    this.toggle = h('button.toggle', {
      type: 'button', 'aria-expanded': 'false', onclick: () => this.setOpen(!this.isOpen),
    }, keyView(group.labels));
    this.pushed = h('td.pushed', { role: 'cell' });
    this.figures = ['Families', 'Series', 'Size'].map((name) =>
      h('td.number', { role: 'cell', 'data-name': name }));
    this.row = h('tr.group', { role: 'row' },
      h('th', { scope: 'row', role: 'rowheader' }, this.toggle),
      this.pushed,
      this.figures,
      h('td.remove', { role: 'cell' },
        h('button.delete.danger', {
          type: 'button',
          'aria-label': `Delete ${keyText(group.labels)}`,
          onclick: () => onDelete(this.group),
        }, 'Delete')));
    this.detail = null;
    this.show(group);
  }

  get elements() {
    return this.detail ? [this.row, this.detail] : [this.row];
  }

  get isOpen() {
    return this.detail !== null;
  }

  /** Updates the group. Loads open families again if the group was pushed. */
  show(group) {
    const isPushed = group.push_time !== this.group.push_time;
    this.group = group;
    this.figures[0].textContent = count(group.families.length);
    this.figures[1].textContent = count(group.series);
    this.figures[2].textContent = bytes(group.bytes);
    this.row.classList.toggle('failing', !group.last_push_successful);
    this.showTimes();
    if (this.isOpen && isPushed) {
      this.load();
    }
  }

  showTimes() {
    const { push_time: pushed, push_failure_time: failed, last_push_successful: isGood } = this.group;
    this.pushed.replaceChildren(
      pushed ? timeView('span.when', '', pushed) : h('span.when', {}, 'never'));
    if (!isGood) {
      this.pushed.append(timeView('span.failed', 'Push failed ', failed));
    }
  }

  setOpen(open) {
    this.toggle.setAttribute('aria-expanded', String(open));
    this.row.classList.toggle('open', open);
    if (!open) {
      this.detail.remove();
      this.detail = null;
      this.toggle.removeAttribute('aria-controls');
      return;
    }
    const id = `group-${++ids}`;
    this.content = h('div.families', { id, role: 'region', 'aria-label': `Families of ${keyText(this.group.labels)}` }, 'Loading…');
    this.detail = h('tr.detail', { role: 'row' }, h('td', { colspan: 6, role: 'cell' }, this.content));
    this.toggle.setAttribute('aria-controls', id);
    this.row.after(this.detail);
    this.load();
  }

  async load() {
    try {
      const limit = this.group.series > MAX_SERIES_AT_ONCE ? 0 : FIRST_METRICS;
      const families = await api.families(this.group.path, { metrics_limit: limit });
      if (this.isOpen) {
        this.content.replaceChildren(...this.views(families));
      }
    } catch (e) {
      this.onProblem(e);
    }
  }

  views(families) {
    if (!families) {
      return ['This group is no longer there.'];
    }
    const pushed = [...families].filter(([name]) => !OWN.includes(name));
    if (pushed.length === 0) {
      return ['Nothing was pushed to this group but itself.'];
    }
    return pushed.map(([name, family]) =>
      familyView(name, family, this.group.labels, (family, from) => this.more(family, from)));
  }

  async more(name, from) {
    try {
      const families = await api.families(this.group.path,
        { metric: name, metrics_offset: from, metrics_limit: MORE_METRICS });
      return families?.get(name);
    } catch (e) {
      this.onProblem(e);
      return null;
    }
  }
}

function timeView(tag, prefix, text) {
  const time = Date.parse(text);
  return h(tag, {}, prefix, relative(time), ' ',
    h('time.absolute', { datetime: text, title: text }, absolute(time)));
}
