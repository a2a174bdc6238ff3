/** The dialog that lists the keys of a view. */
import { el } from '../../ui/dom.js';
import { texts } from './texts.js';

/** @param done takes the focus where what had it is gone */
export function openHelp(
  title: string,
  keys: readonly (readonly [string, string])[],
  done: () => void,
): void {
  const close = el('button', { type: 'button', class: 'tool' }, texts.close);
  const rows = keys.map(([key, what]) => el('tr', {}, el('th', { scope: 'row' }, key), el('td', {}, what)));
  const dialog = el(
    'dialog',
    { class: 'help', 'aria-label': title },
    el('h2', {}, title),
    el('table', {}, el('tbody', {}, ...rows)),
    close,
  );
  close.addEventListener('click', () => {
    dialog.close();
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    // Closing returns the focus, and this event comes later: it may be elsewhere by then.
    if (document.activeElement === document.body) done();
  });
  document.body.append(dialog);
  dialog.showModal();
}
