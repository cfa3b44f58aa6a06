/** Draws small charts of distributions. The page also shows their content as text. */

import { h, svg } from './dom.js';
import { parse, short } from './format.js';

const WIDTH = 560;
const HEIGHT = 84;
const MAX_LABELS = 8;
const GAP = 0.12;

/** Draws a bar for each bucket. All bars have the same width, independent of the bounds. */
export function bars(buckets, label) {
  const highest = Math.max(...buckets.map((bucket) => bucket.count), Number.MIN_VALUE);
  const step = WIDTH / buckets.length;
  const drawing = svg('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label,
  });
  buckets.forEach((bucket, index) => drawing.append(...bar(bucket, index, step, highest)));
  return h('figure.chart', {}, drawing, axis(buckets));
}

function bar(bucket, index, step, highest) {
  const height = (bucket.count / highest) * (HEIGHT - 4);
  // A bucket that is not empty is always visible.
  const visible = bucket.count > 0 ? Math.max(height, 1.5) : 0;
  return [
    svg('rect', {
      x: (index + GAP / 2) * step, y: HEIGHT - visible, width: step * (1 - GAP), height: visible,
    }),
    svg('rect', { class: 'hit', x: index * step, y: 0, width: step, height: HEIGHT },
      svg('title', {}, `${bucket.range}: ${bucket.text}`)),
  ];
}

function axis(buckets) {
  if (buckets.length <= MAX_LABELS) {
    const labels = buckets.map((bucket) => h('span', {}, `≤ ${tick(bucket.upper)}`));
    return h('div.axis.each', { 'aria-hidden': 'true' }, labels);
  }
  const middle = buckets[buckets.length >> 1];
  return h('div.axis', { 'aria-hidden': 'true' },
    h('span', {}, tick(buckets[0].lower)),
    h('span', {}, tick(middle.lower)),
    h('span', {}, tick(buckets.at(-1).upper)));
}

function tick(bound) {
  const value = parse(bound);
  return Number.isFinite(value) ? Number(value.toPrecision(3)).toString() : bound.replace('Inf', '∞');
}

/** Draws a row for each quantile, with a bar in proportion to its value. */
export function quantiles(values) {
  const rows = Object.entries(values).sort(([a], [b]) => parse(a) - parse(b));
  const finite = rows.map(([, value]) => Math.abs(parse(value))).filter(Number.isFinite);
  const longest = Math.max(...finite, Number.MIN_VALUE);
  return h('table.quantiles', {}, h('tbody', {}, rows.map(([quantile, value]) => {
    const length = Math.abs(parse(value)) / longest;
    const width = Number.isFinite(length) ? Math.max(length * 100, 0.3) : 0;
    return h('tr', {},
      h('th', { scope: 'row' }, `${short(parse(quantile) * 100)} %`),
      h('td', { 'aria-hidden': 'true' },
        svg('svg', { viewBox: '0 0 100 14', preserveAspectRatio: 'none' },
          svg('rect', { x: 0, y: 2, width, height: 10 }))),
      h('td', {}, value));
  })));
}
