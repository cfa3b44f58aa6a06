/** What the user wants to see: the form, and the address of the page, so that it can be kept. */

import { byId } from './dom.js';

const form = byId('filters');
const heads = [...document.querySelectorAll('#groups [data-sort]')];
const TYPING_MS = 200;

/** Parameters for the listing. */
export function parameters() {
  const { sort, ...others } = Object.fromEntries(new FormData(form));
  const [by, order] = sort.split(' ');
  return { ...others, sort: by, order };
}

/** Whether some groups may be left out. */
export function isFiltering() {
  const { search, failing, stale } = parameters();
  return Boolean(search.trim() || failing || stale);
}

/** Calls back when the user wants something else. */
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

/** The way one wants it first: names upwards, figures and times downwards; then the other way. */
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
        control.selectedIndex = 0; // Somebody made it up.
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
