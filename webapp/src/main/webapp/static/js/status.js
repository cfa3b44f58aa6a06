/** The status: how much is stored, what the gateway is, and how it was started. */

import { h } from './dom.js';
import { absolute, bytes, count, relative } from './format.js';

const BUILD = [
  ['version', 'Version'], ['revision', 'Revision'], ['branch', 'Branch'],
  ['buildDate', 'Built'], ['buildUser', 'Built by'], ['goVersion', 'Runtime'],
];

/** The cards of the view. */
export function statusView(status) {
  const started = Date.parse(status.start_time);
  return h('div.cards', {},
    card('Totals', totals(status.totals), 'whole'),
    problems(status),
    card('Gateway', list([
      ['Started', `${absolute(started)}, ${relative(started)}`],
      ...BUILD.map(([key, name]) => [name, status.build_information[key]]),
    ])),
    card('Persistence', list(persistence(status))),
    card('JVM', list([
      ['Runtime', `${status.jvm.name} ${status.jvm.version}`],
      ['Vendor', status.jvm.vendor],
      ['System', status.jvm.os],
      ['Processors', count(status.jvm.processors)],
      ['Heap', `${bytes(status.jvm.heap_used_bytes)} used, ${bytes(status.jvm.heap_max_bytes)} at most`],
    ])),
    card('Flags', list(Object.entries(status.flags).map(([name, value]) =>
      [h('code', {}, `--${name}`), h('code', {}, value || '""')])), 'whole'));
}

function card(title, content, kind = '') {
  return h(kind ? `section.card.${kind}` : 'section.card', {}, h('h2', {}, title), content);
}

function list(rows) {
  return h('dl', {}, rows.filter(([, value]) => value).map(([name, value]) =>
    [h('dt', {}, name), h('dd', {}, value)]));
}

function totals(values) {
  if (!values) {
    return h('p', {}, 'Not known yet.');
  }
  return h('dl.totals', {},
    total('Groups', count(values.groups)),
    total('Families', count(values.families)),
    total('Series', count(values.series)),
    total('Stored', bytes(values.bytes)));
}

const total = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));

function problems(status) {
  const found = [status.not_ready, status.unhealthy].filter(Boolean);
  return found.length === 0 ? null : h('p.problem', {}, found.join(' '));
}

function persistence(status) {
  const file = status.flags['persistence.file'];
  if (!file) {
    return [['File', 'none: what was pushed is lost when the gateway stops']];
  }
  return [
    ['File', h('code', {}, file)],
    ['Synced within', status.flags['persistence.interval']],
    ['State', status.unhealthy || status.not_ready || 'healthy'],
  ];
}
