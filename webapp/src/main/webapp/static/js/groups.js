/** The table of groups, one page at a time. */

import * as api from './api.js';
import { byId } from './dom.js';
import { isFiltering, parameters } from './filters.js';
import { count, counted } from './format.js';
import { GroupRow } from './group.js';

const PAGE_SIZE = 50;

const table = byId('groups');
const body = table.tBodies[0];

export class Groups {
  /**
   * Connects the table with its buttons.
   *
   * @param callbacks onDelete, onProblem, and onShown, which gets the number of matching groups
   */
  constructor(callbacks) {
    this.callbacks = callbacks;
    this.rows = new Map();
    this.cursors = [''];
    this.next = '';
    this.tag = '';
    this.count = 0;
    this.request = 0;
    byId('next').addEventListener('click', () => this.turn(() => this.cursors.push(this.next)));
    byId('previous').addEventListener('click', () => this.turn(() => this.cursors.pop()));
  }

  /** Shows the first page, after a change of filters or order. */
  async restart() {
    this.cursors = [''];
    await this.load('');
  }

  /** Loads the current page again. */
  refresh() {
    return this.load(this.tag);
  }

  async turn(change) {
    change();
    await this.load('');
    byId('summary').scrollIntoView({ block: 'nearest' });
  }

  async load(tag) {
    const request = ++this.request;
    table.setAttribute('aria-busy', 'true');
    try {
      const page = await api.groups(
        { ...parameters(), limit: PAGE_SIZE, cursor: this.cursors.at(-1), count: true }, tag);
      if (request === this.request) {
        this.callbacks.onProblem(null);
        page ? this.show(page) : this.showTimes();
      }
    } catch (e) {
      this.callbacks.onProblem(e);
    } finally {
      if (request === this.request) {
        table.setAttribute('aria-busy', 'false');
      }
    }
  }

  show(page) {
    this.tag = page.tag;
    this.next = page.next;
    this.count = page.count;
    if (page.groups.length === 0 && this.cursors.length > 1) {
      this.turn(() => this.cursors.pop()); // All groups of this page were deleted.
      return;
    }
    this.showRows(page.groups);
    this.showSummary(page.groups.length);
    this.callbacks.onShown(page.count);
  }

  /** Shows groups. Rows that exist already are kept, with their open families and the focus. */
  showRows(groups) {
    const before = this.rows;
    this.rows = new Map(groups.map((group) => {
      const row = before.get(group.path) ?? new GroupRow(group, this.callbacks);
      row.show(group);
      return [group.path, row];
    }));
    const wanted = [...this.rows.values()].flatMap((row) => row.elements);
    const isSame = wanted.length === body.children.length
      && wanted.every((element, index) => element === body.children[index]);
    if (!isSame) {
      body.replaceChildren(...wanted);
    }
  }

  showTimes() {
    this.rows.forEach((row) => row.showTimes());
  }

  showSummary(shown) {
    const first = (this.cursors.length - 1) * PAGE_SIZE;
    const what = counted(this.count, isFiltering() ? 'matching group' : 'group');
    const part = shown < this.count ? `, ${count(first + 1)} to ${count(first + shown)} shown` : '';
    byId('summary').textContent = what + part;
    const nothing = byId('nothing');
    nothing.hidden = this.count > 0;
    nothing.textContent = isFiltering()
      ? 'No group matches. Take away a filter to see more.'
      : 'Nothing has been pushed yet. PUT or POST metrics to metrics/job/SOME_JOB.';
    table.hidden = this.count === 0;
    byId('previous').disabled = this.cursors.length === 1;
    byId('next').disabled = this.next === '';
    const pages = Math.max(1, Math.ceil(this.count / PAGE_SIZE));
    byId('page-number').textContent = pages > 1 ? `Page ${count(this.cursors.length)} of ${count(pages)}` : '';
    byId('previous').parentElement.hidden = pages === 1 && this.cursors.length === 1;
  }
}
