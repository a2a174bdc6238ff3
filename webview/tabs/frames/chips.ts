/** The active filters, as chips that remove them. */
import { el } from '../../ui/dom.js';
import { baseName } from '../../text/places.js';
import { spanText } from '../../text/times.js';
import type { PanelModel } from '../../store/panelModel.js';
import type { FunctionName } from '../../store/panelState.js';
import { toolkitButton } from '../../ui/toolkit.js';
import { chips, filtersInWords, removeFilter, sharesOfRest, texts } from './texts.js';

interface ActiveFilter {
  readonly label: string;
  remove(): void;
}

function activeFilters(model: PanelModel): ActiveFilter[] {
  const { filters } = model.state;
  const found: ActiveFilter[] = [];
  const add = (label: string, remove: () => void): void => {
    found.push({ label, remove });
  };
  for (const key of filters.threads) {
    const index = model.profile.threads.findIndex(({ pid, tid }) => `${String(pid)}/${String(tid)}` === key);
    const without = filters.threads.filter((other) => other !== key);
    add(chips.thread(index < 0 ? key : model.data.threadName(index)), () => {
      model.filter({ threads: without });
    });
  }
  if (filters.time !== null) {
    add(chips.time(spanText(filters.time)), () => {
      model.filter({ time: null });
    });
  }
  for (const name of filters.categories)
    add(chips.category(name), () => {
      model.filter({ categories: filters.categories.filter((other) => other !== name) });
    });
  for (const name of filters.modules)
    add(chips.module(baseName(name) || texts.unknownModule), () => {
      model.filter({ modules: filters.modules.filter((other) => other !== name) });
    });
  for (const name of filters.hiddenModules)
    add(chips.hiddenModule(baseName(name) || texts.unknownModule), () => {
      model.filter({ hiddenModules: filters.hiddenModules.filter((other) => other !== name) });
    });
  if (filters.collapseRecursion)
    add(texts.recursionCollapsed, () => {
      model.filter({ collapseRecursion: false });
    });
  const shown = (wanted: FunctionName): string => {
    const func = model.data.find(wanted);
    return func < 0 ? wanted.name.slice(0, 60) : model.functionName(func);
  };
  if (filters.focus !== null)
    add(chips.focus(shown(filters.focus)), () => {
      model.filter({ focus: null });
    });
  const shares = model.shown.droppedShares;
  filters.dropped.forEach((dropped, i) => {
    add(chips.dropped(shown(dropped), shares[i] ?? 0), () => {
      model.filter({ dropped: filters.dropped.filter((other) => other !== dropped) });
    });
  });
  for (const merged of filters.merged)
    add(chips.merged(shown(merged)), () => {
      model.filter({ merged: filters.merged.filter((other) => other !== merged) });
    });
  if (filters.subtree !== null) {
    const { path, inverted } = filters.subtree;
    const last = path.slice(-2).map(shown);
    add(inverted ? chips.endings(last.reverse().join(' ▸ ')) : chips.subtree(last.join(' ▸ ')), () => {
      model.filter({ subtree: null });
    });
  }
  return found;
}

/** What is shown, for screen readers. */
export function shownInWords(model: PanelModel): string {
  return filtersInWords(
    activeFilters(model).map(({ label }) => label),
    model.shown.sampleCount,
  );
}

/** The list that `drawChips` fills. */
export function chipList(): HTMLElement {
  return el('ul', { class: 'chips', 'aria-label': texts.filters, hidden: '' });
}

/**
 * Each chip is a button; its name says that it removes the filter.
 * @param done is called when the last chip is gone
 */
export function drawChips(element: HTMLElement, model: PanelModel, done: () => void): void {
  const active = activeFilters(model);
  element.hidden = active.length === 0;
  /** Moves the focus to the chip that took the place of a removed one. */
  const after = (index: number): void => {
    const left = element.querySelectorAll<HTMLElement>('.chip');
    const next = left[Math.min(index, left.length - 1)];
    if (next === undefined) done();
    else next.focus();
  };
  const items = active.map(({ label, remove }, index) => {
    const chip = el(
      'button',
      { type: 'button', class: 'chip', title: label, 'aria-label': removeFilter(label) },
      label,
    );
    chip.addEventListener('click', () => {
      remove();
      after(index);
    });
    return el('li', {}, chip);
  });
  const all = toolkitButton(texts.clearAll, 'secondary', () => {
    model.clearFilters();
    done();
  });
  if (active.length > 0) items.push(el('li', {}, all));
  const dropped = model.shown.droppedShares.reduce((sum, share) => sum + share, 0);
  if (dropped > 0) items.push(el('li', { class: 'muted' }, sharesOfRest(dropped)));
  element.replaceChildren(...items);
}
