/** Formats numbers and times for people. */

const COUNT = new Intl.NumberFormat('en');
const SHORT = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 });
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const STEPS = [
  ['year', 365 * 86400],
  ['month', 30 * 86400],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];
const MAX_DATE_MS = 8.64e15;

export const count = (number) => COUNT.format(number);

/** Formats a count with its noun: `1 group`, `2 groups`. */
export function counted(number, singular, plural = `${singular}s`) {
  return `${count(number)} ${number === 1 ? singular : plural}`;
}

export function bytes(number) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let value = number;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Formats a time relative to now: `5 minutes ago`. */
export function relative(time, now = Date.now()) {
  const seconds = (time - now) / 1000;
  if (Math.abs(seconds) < 2) {
    return 'just now';
  }
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? STEPS.at(-1);
  return RELATIVE.format(Math.trunc(seconds / size), unit);
}

/** Formats a time in the time zone of the browser: `2026-11-22 23:07:41`. */
export function absolute(time) {
  const pad = (number) => String(number).padStart(2, '0');
  const date = new Date(time);
  const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(':')}`;
}

/** Parses the number of a sample, also `+Inf` and `NaN`. */
export function parse(text) {
  return text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
}

/** Formats a computed number with up to 6 significant digits. */
export const short = (number) => (Number.isFinite(number) ? SHORT.format(number) : String(number));

/** Explains a value if the family's name ends in a known unit; otherwise returns an empty text. */
export function reading(family, text) {
  const value = parse(text);
  if (!Number.isFinite(value)) {
    return '';
  }
  if (/(_time|_timestamp|_time_stamp)(_seconds)?$/.test(family) && value > 1e8 && value * 1000 < MAX_DATE_MS) {
    return `${absolute(value * 1000)}, ${relative(value * 1000)}`;
  }
  if (/_bytes(_total)?$/.test(family) && value >= 1024) {
    return bytes(value);
  }
  return /e\+/.test(text) && Math.abs(value) < 1e15 ? COUNT.format(value) : '';
}
