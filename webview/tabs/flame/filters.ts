/** What is filtered, as chips that take the filter back. */
import { el } from '../../ui/dom.js';
import { baseName, plural } from '../../text/format.js';
import { spanText } from '../../text/times.js';
import type { PanelModel } from '../../store/panelModel.js';
import { toolkitButton } from '../../ui/toolkit.js';

export interface ActiveFilter {
  readonly label: string;
  remove(): void;
}

export function activeFilters(model: PanelModel): ActiveFilter[] {
  const { filters } = model.state;
  const found: ActiveFilter[] = [];
  const add = (label: string, remove: () => void): void => {
    found.push({ label, remove });
  };
  for (const key of filters.threads) {
    const index = model.profile.threads.findIndex(({ pid, tid }) => `${String(pid)}/${String(tid)}` === key);
    const without = filters.threads.filter((other) => other !== key);
    add(`Thread: ${index < 0 ? key : model.data.threadName(index)}`, () => {
      model.filter({ threads: without });
    });
  }
  if (filters.time !== null) {
    add(`Time: ${spanText(filters.time)}`, () => {
      model.filter({ time: null });
    });
  }
  for (const name of filters.categories)
    add(`Only category: ${name}`, () => {
      model.filter({ categories: filters.categories.filter((other) => other !== name) });
    });
  for (const name of filters.modules)
    add(`Only module: ${baseName(name) || 'unknown'}`, () => {
      model.filter({ modules: filters.modules.filter((other) => other !== name) });
    });
  for (const name of filters.hiddenModules)
    add(`Hidden module: ${baseName(name) || 'unknown'}`, () => {
      model.filter({ hiddenModules: filters.hiddenModules.filter((other) => other !== name) });
    });
  if (filters.collapseRecursion)
    add('Recursion collapsed', () => {
      model.filter({ collapseRecursion: false });
    });
  const shown = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}…` : name);
  if (filters.focus !== null)
    add(`Focus: ${shown(filters.focus.name)}`, () => {
      model.filter({ focus: null });
    });
  for (const dropped of filters.dropped)
    add(`Dropped: ${shown(dropped.name)}`, () => {
      model.filter({ dropped: filters.dropped.filter((other) => other !== dropped) });
    });
  return found;
}

/** What is shown, in words for a reader who does not see it change. */
export function filtersInWords(model: PanelModel): string {
  const labels = activeFilters(model).map(({ label }) => label);
  const filtered = labels.length === 0 ? 'No filter' : labels.join(', ');
  return `${filtered}: ${plural(model.sampleCount, 'sample')} shown`;
}

/**
 * Each chip is a button: its name says that it removes the filter.
 * @param done the last one is gone
 */
export function drawChips(element: HTMLElement, model: PanelModel, done: () => void): void {
  const active = activeFilters(model);
  element.hidden = active.length === 0;
  /** The focus goes to what has taken the place of a chip that is gone. */
  const after = (index: number): void => {
    const left = element.querySelectorAll<HTMLElement>('.chip');
    const next = left[Math.min(index, left.length - 1)];
    if (next === undefined) done();
    else next.focus();
  };
  const chips = active.map(({ label, remove }, index) => {
    const chip = el(
      'button',
      { type: 'button', class: 'chip', 'aria-label': `${label}. Remove this filter` },
      label,
    );
    chip.addEventListener('click', () => {
      remove();
      after(index);
    });
    return el('li', {}, chip);
  });
  const all = toolkitButton('Clear all', 'secondary', () => {
    model.clearFilters();
    done();
  });
  element.replaceChildren(...chips, ...(active.length > 0 ? [el('li', {}, all)] : []));
}
