/** The dialog that lists the keys of the flame graph. */
import { el } from '../../ui/dom.js';
import { helpTexts } from './texts.js';

export function openHelp(done: () => void): void {
  const close = el('button', { type: 'button', class: 'tool' }, helpTexts.close);
  const rows = helpTexts.keys.map(([key, what]) =>
    el('tr', {}, el('th', { scope: 'row' }, key), el('td', {}, what)),
  );
  const dialog = el(
    'dialog',
    { class: 'help', 'aria-label': helpTexts.title },
    el('h2', {}, helpTexts.title),
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
