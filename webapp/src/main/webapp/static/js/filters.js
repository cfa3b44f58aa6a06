/** The user's filters and sort order, in the form and in the page's address. */

import { byId } from './dom.js';

const form = byId('filters');
const heads = [...document.querySelectorAll('#groups [data-sort]')];
const TYPING_MS = 200;

/** Returns the parameters of the listing. */
export function parameters() {
  const { sort, ...others } = Object.fromEntries(new FormData(form));
  const [by, order] = sort.split(' ');
  return { ...others, sort: by, order };
}

/** Returns whether filters may hide some groups. */
export function isFiltering() {
  const { search, failing, stale } = parameters();
  return Boolean(search.trim() || failing || stale);
}

/** Calls back when the user changes a filter or the order. */
export function onChange(callback) {
  let typing = 0;
  const changed = () => {
    clearTimeout(typing);
    showSort();
    keepInAddress();
    callback();
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    changed();
  });
  form.addEventListener('change', (event) => event.target.name !== 'search' && changed());
  form.elements.search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(changed, TYPING_MS);
  });
  for (const head of heads) {
    head.querySelector('button').addEventListener('click', () => {
      sortBy(head.dataset.sort);
      changed();
    });
  }
  readAddress();
  showSort();
}

/** Sorts by a column: names ascending, other values descending; the second time in reverse. */
function sortBy(column) {
  const { sort, order } = parameters();
  const first = column === 'job' ? 'asc' : 'desc';
  const other = first === 'asc' ? 'desc' : 'asc';
  form.elements.sort.value = `${column} ${sort === column && order === first ? other : first}`;
}

function showSort() {
  const { sort, order } = parameters();
  for (const head of heads) {
    const isSorted = head.dataset.sort === sort;
    head.setAttribute('aria-sort', !isSorted ? 'none' : order === 'asc' ? 'ascending' : 'descending');
  }
}

function readAddress() {
  const address = new URLSearchParams(location.search);
  for (const control of form.elements) {
    const value = address.get(control.name);
    if (value !== null) {
      control.value = value;
      if (control.selectedIndex === -1) {
        control.selectedIndex = 0; // The address has an unknown value.
      }
    }
  }
}

function keepInAddress() {
  const address = new URLSearchParams();
  for (const control of form.elements) {
    if (control.value && control.value !== 'job asc') {
      address.set(control.name, control.value);
    }
  }
  const text = address.toString();
  history.replaceState(null, '', location.pathname + (text ? `?${text}` : '') + location.hash);
}
