/** Shows the status: totals, problems, build, JVM and flags. */

import { h, shorten } from './dom.js';
import { absolute, bytes, count, counted, relative } from './format.js';
import { keyText, keyView } from './group.js';

const BUILD = [
  ['version', 'Version'], ['revision', 'Revision'], ['branch', 'Branch'],
  ['buildDate', 'Built'], ['buildUser', 'Built by'], ['goVersion', 'Runtime'],
];

/**
 * Creates the cards of the view.
 *
 * @param onDelete called with a group that is set aside
 */
export function statusView(status, onDelete) {
  const started = Date.parse(status.start_time);
  return h('div.cards', {},
    card('Totals', totals(status.totals), 'whole'),
    problems(status),
    setAside(status, onDelete),
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

/** Lists groups that cannot be exposed beside others. A damaged file can contain them. */
function setAside(status, onDelete) {
  const groups = status.set_aside ?? [];
  if (groups.length === 0) {
    return null;
  }
  return card(`Set aside: ${counted(status.set_aside_count, 'group')}`, [
    h('p', {}, 'Some families of these groups cannot be exposed beside those of other groups. Delete what is no longer needed.'),
    h('ul.aside', {}, groups.map((group) => h('li', {},
      keyView(group.labels), ' ', h('code', {}, shorten(group.families.join(', '), 300)), ' ',
      h('button.delete.danger', {
        type: 'button',
        'aria-label': `Delete ${keyText(group.labels)}`,
        onclick: () => onDelete(group),
      }, 'Delete')))),
  ], 'whole');
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
