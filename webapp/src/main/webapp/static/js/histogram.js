/**
 * Converts the buckets of classic and native histograms into one form: each with its bounds and the
 * number of observations between them, in ascending order.
 */

import { parse } from './format.js';

const BRACKETS = [['(', ']'], ['[', ')'], ['(', ')'], ['[', ']']];

/** @returns {Array<{range: string, upper: string, count: number, text: string}>} */
export function bucketsOf(metric) {
  return Array.isArray(metric.buckets) ? native(metric.buckets) : classic(metric);
}

function native(buckets) {
  return buckets.map(([boundaries, lower, upper, text]) => {
    const [open, close] = BRACKETS[boundaries] ?? BRACKETS[2];
    return { range: `${open}${lower}, ${upper}${close}`, lower, upper, count: parse(text), text };
  });
}

/** Converts classic buckets, which are cumulative. The bucket of +Inf may be missing. */
function classic(metric) {
  const bounds = Object.entries(metric.buckets ?? {}).sort(([a], [b]) => parse(a) - parse(b));
  if (bounds.length > 0 && bounds.at(-1)[0] !== '+Inf') {
    bounds.push(['+Inf', metric.count]);
  }
  let below = 0;
  let lower = '-Inf';
  return bounds.map(([upper, cumulative]) => {
    const count = Math.max(0, parse(cumulative) - below);
    const bucket = { range: `(${lower}, ${upper}]`, lower, upper, count, text: String(count) };
    below = parse(cumulative);
    lower = upper;
    return bucket;
  });
}
