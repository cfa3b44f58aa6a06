/** Asks before a deletion, and shows its progress. */

import { byId, h } from './dom.js';

const dialog = byId('confirm');
const yes = byId('confirm-yes');
const no = byId('confirm-no');

/**
 * Shows what would be deleted, and deletes it if the user confirms.
 *
 * @param {Object} question title, text, items (elements), action (text of the button)
 * @param act deletes; called with `tell`, which shows progress, and `isStopped`
 * @returns {Promise<boolean>} true if all was deleted; false if the user cancelled or stopped
 */
export function confirm(question, act) {
  byId('confirm-title').textContent = question.title;
  byId('confirm-text').textContent = question.text;
  byId('confirm-list').replaceChildren(...question.items.map((item) => h('li', {}, item)));
  byId('confirm-progress').textContent = '';
  yes.textContent = question.action;
  yes.disabled = false;
  no.textContent = 'Cancel';
  dialog.showModal();
  return new Promise((resolve, reject) => listen(act, resolve, reject));
}

function listen(act, resolve, reject) {
  const listeners = new AbortController();
  let stopped = false;
  let running = false;
  const end = (settle, value) => {
    listeners.abort();
    dialog.close();
    settle(value);
  };
  const stop = () => {
    stopped = true;
    if (!running) {
      end(resolve, false);
    }
  };
  const start = async () => {
    running = true;
    yes.disabled = true;
    no.textContent = 'Stop';
    try {
      await act((text) => { byId('confirm-progress').textContent = text; }, () => stopped);
      end(resolve, !stopped);
    } catch (e) {
      end(reject, e);
    }
  };
  const on = (element, event, listener) =>
    element.addEventListener(event, listener, { signal: listeners.signal });
  on(yes, 'click', start);
  on(no, 'click', stop);
  on(dialog, 'cancel', (event) => {
    event.preventDefault();
    stop();
  });
}
