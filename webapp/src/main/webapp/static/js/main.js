/** Connects the parts of the page. */

import * as api from './api.js';
import { byId } from './dom.js';
import { isFiltering, onChange } from './filters.js';
import { counted } from './format.js';
import { Groups } from './groups.js';
import { deleteOne, deleteShown, wipe } from './removal.js';
import { statusView } from './status.js';
import { onTab } from './tabs.js';

const LIVE_MS = 5000;
const TIMES_MS = 20000;

function showProblem(problem) {
  const place = byId('problem');
  place.hidden = problem === null;
  place.textContent = problem === null ? '' : problem.message;
}

/** Runs a deletion and shows the remaining groups. Moves the focus off the deleted row. */
async function remove(deletion) {
  try {
    if (await deletion()) {
      byId('refresh').focus();
    }
  } catch (e) {
    showProblem(e);
    return;
  }
  await groups.refresh();
}

const groups = new Groups({
  onDelete: (group) => remove(() => deleteOne(group)),
  onProblem: showProblem,
  onShown: (count) => {
    const button = byId('delete-shown');
    button.hidden = count === 0 || !isFiltering();
    button.textContent = `Delete ${counted(count, 'group')}…`;
  },
});

/** Shows only actions that the gateway has enabled and that the user may do. */
function offer({ flags, roles }) {
  const may = (role) => !roles || roles.includes(role);
  byId('wipe').hidden = flags['web.enable-admin-api'] !== 'true' || !may('admin');
  document.body.classList.toggle('cannot-delete', !may('delete'));
}

async function showStatus() {
  try {
    const status = await api.status();
    offer(status);
    byId('view-status').replaceChildren(statusView(status, async (group) => {
      await remove(() => deleteOne(group));
      await showStatus();
    }));
  } catch (e) {
    showProblem(e);
  }
}

onChange(() => groups.restart());
groups.restart();
onTab(showStatus);

byId('refresh').addEventListener('click', () => groups.refresh());
byId('delete-shown').addEventListener('click', () => remove(deleteShown));
byId('wipe').addEventListener('click', () => remove(wipe));
setInterval(() => groups.showTimes(), TIMES_MS);
setInterval(() => {
  if (byId('live').checked && !document.hidden && !byId('confirm').open) {
    groups.refresh();
  }
}, LIVE_MS);
