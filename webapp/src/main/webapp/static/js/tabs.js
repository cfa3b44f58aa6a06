/** Selects tabs by mouse and by arrow keys. The page's address keeps the selected tab. */

const tabs = [...document.querySelectorAll('[role="tab"]')];
const view = (tab) => document.getElementById(tab.getAttribute('aria-controls'));

/** Calls back with the id of the shown view, now and after each change. */
export function onTab(callback) {
  const select = (chosen) => {
    for (const tab of tabs) {
      tab.setAttribute('aria-selected', String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      view(tab).hidden = tab !== chosen;
    }
    const hash = chosen === tabs[0] ? '' : `#${chosen.id.replace('tab-', '')}`;
    history.replaceState(null, '', location.pathname + location.search + hash);
    callback(view(chosen).id);
  };
  tabs.forEach((tab, index) => {
    tab.addEventListener('click', () => select(tab));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        const next = tabs[(index + step + tabs.length) % tabs.length];
        next.focus();
        select(next);
      }
    });
  });
  select(tabs.find((tab) => location.hash === `#${tab.id.replace('tab-', '')}`) ?? tabs[0]);
}
