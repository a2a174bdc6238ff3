/** The dialog that lists the keys of a view. */
import { el } from '../../ui/dom.js';
import { texts } from './texts.js';

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
    done();
  });
  document.body.append(dialog);
  dialog.showModal();
}
