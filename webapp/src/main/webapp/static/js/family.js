/** Shows one metric family and its metrics. */

import { bars, quantiles } from './chart.js';
import { h, shorten } from './dom.js';
import { absolute, count, counted, parse, reading, relative, short } from './format.js';
import { bucketsOf } from './histogram.js';

const MAX_TEXT = 1000;
const MAX_DRAWN_BUCKETS = 400;

/**
 * Creates the view of a family.
 *
 * @param {Object} groupLabels labels that all metrics have, and that are not repeated
 * @param more fetches further metrics, starting at an index
 */
export function familyView(name, family, groupLabels, more) {
  const total = family.metrics_count ?? family.metrics.length;
  const view = h('section.family', {},
    h('header', {},
      h('h2.mono', {}, name),
      h('span.type', {}, family.type.toLowerCase().replace('_', ' ')),
      total === 1 ? null : h('span.absolute', {}, counted(total, 'metric')),
      h('span.absolute', { title: relative(Date.parse(family.time_stamp)) },
        `pushed ${absolute(Date.parse(family.time_stamp))}`)),
    family.help ? h('p.help', {}, shorten(family.help, MAX_TEXT)) : null);
  const body = isNumber(family.type) ? h('tbody') : h('div');
  view.append(isNumber(family.type) ? h('div.scroll', {}, h('table.metrics', {}, body)) : body);
  body.append(...metricViews(name, family, groupLabels));
  addMore(view, body, family.metrics.length, { name, total, groupLabels, more });
  return view;
}

const isNumber = (type) => ['COUNTER', 'GAUGE', 'UNTYPED'].includes(type);

function metricViews(name, family, groupLabels) {
  return family.metrics.map((metric) => isNumber(family.type)
    ? numberRow(name, metric, groupLabels)
    : distribution(family.type, metric, groupLabels));
}

function addMore(view, body, shown, context) {
  const { name, total, groupLabels, more } = context;
  if (shown >= total) {
    return;
  }
  const button = h('button.more', {
    type: 'button',
    onclick: async () => {
      button.disabled = true;
      const next = await more(name, shown);
      button.remove();
      if (next) {
        body.append(...metricViews(name, next, groupLabels));
        addMore(view, body, next.metrics.length ? shown + next.metrics.length : total, context);
      }
    },
  }, `${shown ? `Show more of ${name}` : `Show ${name}`} (${count(total - shown)} left)`);
  view.append(button);
}

function ownLabels(metric, groupLabels) {
  const own = Object.entries(metric.labels).filter(([name, value]) =>
    groupLabels[name] !== value && !(name === 'instance' && value === '' && !('instance' in groupLabels)));
  if (own.length === 0) {
    return null;
  }
  return h('span.key.mono', {}, own.map(([name, value]) => h('span.pair', {},
    h('span.name', {}, name), '=', h('span.value', {}, `"${shorten(value, MAX_TEXT)}"`))));
}

function numberRow(name, metric, groupLabels) {
  const meaning = reading(name, metric.value);
  return h('tr', {},
    h('th', { scope: 'row' }, ownLabels(metric, groupLabels) ?? h('span.none', {}, 'no further labels')),
    h('td.figure', {}, metric.value, meaning ? h('span.reading', {}, meaning) : null));
}

function distribution(type, metric, groupLabels) {
  const labels = ownLabels(metric, groupLabels);
  const drawing = type === 'SUMMARY' ? [quantiles(metric.quantiles ?? {})] : histogram(metric);
  return h('div.distribution', {}, labels, facts(metric), drawing);
}

function facts(metric) {
  const observations = parse(metric.count);
  const mean = parse(metric.sum) / observations;
  return h('dl.facts', {},
    fact('Count', metric.count),
    fact('Sum', metric.sum),
    observations > 0 ? fact('Mean', short(mean)) : null);
}

const fact = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));

function histogram(metric) {
  const buckets = bucketsOf(metric).slice(0, MAX_DRAWN_BUCKETS);
  if (buckets.length === 0) {
    return [h('p.help', {}, 'No buckets.')];
  }
  const fullest = buckets.reduce((a, b) => (b.count > a.count ? b : a));
  const label = `Histogram with ${counted(buckets.length, 'bucket')}, fullest ${fullest.range} with ${fullest.text}`;
  return [
    bars(buckets, label),
    h('details.buckets', {}, h('summary', {}, 'Buckets in numbers'),
      h('table', {},
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Range'), h('th', { scope: 'col' }, 'Count'))),
        h('tbody', {}, buckets.map((bucket) => h('tr', {},
          h('td', {}, bucket.range), h('td', {}, bucket.text)))))),
  ];
}
