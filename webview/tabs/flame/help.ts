/** The keys of the flame graph, as a dialog. */
import { el } from '../../ui/dom.js';

const keys: readonly (readonly [string, string])[] = [
  ['Arrow keys', 'Move to the caller, the heaviest callee and the neighbours'],
  ['Enter, Space', 'Zoom to the selected frame'],
  ['Escape, Backspace', 'Zoom out to a wider caller'],
  ['Home', 'See the whole'],
  ['+  −, or w  s, or Ctrl+wheel', 'Zoom in and out'],
  ['a  d, Shift+arrows, Shift+wheel, drag', 'Move sideways'],
  ['Page Up, Page Down, wheel', 'Move up and down'],
  ['Alt+Left, Alt+Right', 'Back and forward'],
  ['/, Ctrl+F', 'Search'],
  ['n, Shift+N', 'Next and previous match'],
  ['o, double click', 'Go to source'],
  ['c, Shift+C, t', 'Copy the name, the stack, the subtree'],
  ['f, x, h', 'Focus on the function, drop it, hide its module'],
  ['r', 'Collapse recursion'],
  ['1, 2, 3, 4', 'Aggregated, time order, inverted, sandwich'],
  ['i', 'Flame or icicle'],
  ['l', 'Names in full or shortened'],
  ['m, Shift+F10', 'Menu of the selected frame'],
  ['u', 'Clear all filters'],
  ['On the timeline: arrows, Page Up, Page Down', 'Move an edge of the time; with Shift, both edges'],
  ['On the timeline: Escape', 'Show all of the time'],
  ['On the callers of a sandwich: Enter, Space', 'The callers of that function, zoom'],
];

export function openHelp(done: () => void): void {
  const close = el('button', { type: 'button', class: 'link' }, 'Close');
  const rows = keys.map(([key, what]) => el('tr', {}, el('th', { scope: 'row' }, key), el('td', {}, what)));
  const dialog = el(
    'dialog',
    { class: 'help', 'aria-label': 'Keys of the flame graph' },
    el('h2', {}, 'Keys of the flame graph'),
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
