/** The What if tab: what would the throughput be if this cost less? */
import { cutsOf, predict, type Measured } from '../../../src/statistics/amdahl.js';
import { reaches95 } from '../../../src/statistics/medianInterval.js';
import { categoryTable } from '../../store/categoryCosts.js';
import { keepFor, keptBy } from '../../store/kept.js';
import { el, linkButton, setText, swatch } from '../../ui/dom.js';
import { plainPercent } from '../../text/plainPercent.js';
import type { Change } from '../../store/panelModel.js';
import type { Theme } from '../../ui/theme.js';
import { chipList, drawChips } from '../frames/chips.js';
import type { TabContext, TabView } from '../tab.js';
import { toolkitButton } from '../../ui/toolkit.js';
import { readWanted, sameSubject, targetsOf, type Wanted } from './targets.js';
import {
  asMeasured,
  exampleDone,
  exampleStep,
  leaveAsIs,
  resultText,
  sliderValue,
  targetInPercent,
  targetOf,
  texts,
} from './texts.js';

interface Row {
  readonly wanted: Wanted;
  /** Present self share. */
  readonly share: number;
  readonly name: string;
  readonly category: number;
}

export class WhatIfView implements TabView {
  readonly element: HTMLElement;
  private readonly list = el('div', {
    class: 'what-if-rows',
    role: 'group',
    'aria-label': texts.rows,
  });
  /** Not a live region: the slider's value text includes it, and other changes announce it. */
  private readonly result = el('div', { class: 'what-if-result' });
  private readonly examples = el('div', {
    class: 'what-if-examples',
    role: 'group',
    'aria-label': texts.examples,
  });
  private readonly chips = chipList();
  private wanted: readonly Wanted[] = [];
  private measured: Measured = { weight: 0, effective: 0, throughput: null };

  constructor(private readonly context: TabContext) {
    this.element = el(
      'section',
      { class: 'what-if', 'aria-label': texts.title },
      this.chips,
      this.result,
      this.examples,
      el(
        'div',
        { class: 'toolbar' },
        toolkitButton(texts.reset, 'secondary', () => {
          this.set([]);
          this.refill();
          context.actions.announce(texts.resetDone);
        }),
        el('span', { class: 'muted' }, texts.hint),
      ),
      this.list,
      el('p', { class: 'hint' }, texts.method),
    );
  }

  render(_theme: Theme, changed: ReadonlySet<Change>): void {
    if (!(['profile', 'shown', 'selection'] as const).some((change) => changed.has(change))) return;
    if (changed.has('profile')) this.wanted = this.keptFor(this.context.model.profile.runId);
    this.measured = this.measure();
    this.refill();
    drawChips(this.chips, this.context.model, () => {
      this.list.querySelector('input')?.focus();
    });
  }

  /** Targets belong to the shares that they were set beside: another run begins as it was measured. */
  private keptFor(runId: string): Wanted[] {
    const kept = keptBy(this.context.model, 'whatif');
    return kept['runId'] === runId ? readWanted(kept['wanted']) : [];
  }

  private measure(): Measured {
    const { model } = this.context;
    const { weight, effective, exact } = model.shown.whole();
    const measured = model.profile.results[0]?.opsPerSec;
    return {
      weight,
      effective: exact ? Infinity : effective,
      throughput:
        measured === undefined
          ? null
          : { value: measured.median, low: measured.ci95[0], high: measured.ci95[1] },
    };
  }

  private get rows(): Row[] {
    const { model } = this.context;
    const { data } = model;
    const { rows } = categoryTable(
      model.shown.costs,
      model.profile.category,
      model.profile.categories.length,
    );
    const categories = rows.flatMap(({ category, self }): Row[] =>
      category < 0
        ? []
        : [
            {
              wanted: { category: model.profile.categories[category] ?? '', share: model.shown.share(self) },
              share: model.shown.share(self),
              name: data.categoryName(category),
              category,
            },
          ],
    );
    const named = this.wanted.flatMap((item) => ('func' in item ? data.find(item.func) : []));
    const funcs = new Set([...named, model.selectedFunction].filter((func) => func >= 0));
    const functions = [...funcs].map((func): Row => {
      const share = model.shown.share(model.shown.costs.self[func] ?? 0);
      return {
        wanted: { func: data.nameOf(func), share },
        share,
        name: model.functionName(func),
        category: data.categoryOf(func),
      };
    });
    return [...categories, ...functions];
  }

  private refill(): void {
    const { model } = this.context;
    // Before the rows: their sliders include the result.
    this.predictNow();
    const rows = this.rows;
    const largest = Math.max(...rows.map(({ share }) => share), 0);
    this.list.replaceChildren(...rows.map((row) => this.row(row, largest)));
    const present = new Map(rows.map(({ name, share }) => [name, share]));
    this.examples.replaceChildren(
      ...model.profile.scenarios.map(({ name, description, targets }) => {
        const reachable = targets.filter(({ category, share }) => (present.get(category) ?? 0) > share);
        const button = toolkitButton(name, 'secondary', () => {
          const items = reachable.map(({ category, share }) => ({ category, share }));
          this.set([...this.wanted.filter((w) => !items.some((item) => sameSubject(item, w))), ...items]);
          this.refill();
          this.context.actions.announce(exampleDone(name, this.result.textContent));
        });
        const detail = targets
          .map(({ category, share }) => exampleStep(category, present.get(category) ?? 0, share))
          .join(', ');
        button.title = description;
        button.disabled = reachable.length === 0;
        return el('div', { class: 'what-if-example' }, button, el('span', { class: 'muted' }, detail));
      }),
    );
  }

  /** @param largest share of all rows, whose slider has the full length: the others are as long as their share of it */
  private row(row: Row, largest: number): HTMLElement {
    const target = this.wanted.find((item) => sameSubject(item, row.wanted))?.share ?? row.share;
    const max = row.share;
    const slider = el('input', {
      type: 'range',
      min: '0',
      max: '1000',
      step: '5',
      'aria-label': targetOf(row.name),
    });
    slider.style.width = `${String(largest > 0 ? (row.share / largest) * 100 : 0)}%`;
    const number = el('input', {
      type: 'number',
      min: '0',
      max: '100',
      step: '0.1',
      'aria-label': targetInPercent(row.name),
    });
    const reset = linkButton(texts.reset, leaveAsIs(row.name), () => {
      this.want(row, row.share);
      put(row.share);
      slider.focus();
      this.context.actions.announce(asMeasured(row.name, this.result.textContent));
    });
    const put = (share: number): void => {
      slider.value = String(max > 0 ? Math.round((share / max) * 1000) : 0);
      slider.setAttribute('aria-valuetext', sliderValue(share, row.share, this.result.textContent));
      number.value = plainPercent(share);
      element.classList.toggle('changed', share !== row.share);
      reset.hidden = share === row.share;
    };
    slider.addEventListener('input', () => {
      const at = Number(slider.value);
      const share = at === 1000 ? row.share : (max * at) / 1000;
      this.want(row, share);
      put(share);
    });
    number.addEventListener('change', () => {
      const typed = Number(number.value) / 100;
      // More than the present cost would be no saving; anything but a number leaves it unchanged.
      const share = Number.isFinite(typed) ? Math.min(Math.max(typed, 0), row.share) : row.share;
      this.want(row, share);
      put(share);
      this.context.actions.announce(this.result.textContent);
    });
    const element = el(
      'div',
      { class: 'what-if-row', 'data-subject': row.name },
      el(
        'span',
        { class: 'what-if-name' },
        swatch(row.category, this.context.model.profile.categories.length),
        row.name,
      ),
      el('span', { class: 'number' }, this.context.model.shown.shareText(row.share * this.measured.weight)),
      slider,
      el('span', { class: 'what-if-number' }, number, ' %'),
      reset,
    );
    put(Math.min(target, row.share));
    return element;
  }

  private want(row: Row, share: number): void {
    const item: Wanted = { ...row.wanted, share };
    const others = this.wanted.filter((w) => !sameSubject(w, item));
    this.set(share === row.share ? others : [...others, item]);
    this.predictNow();
  }

  private set(wanted: Wanted[]): void {
    const { model } = this.context;
    this.wanted = wanted;
    keepFor(model, 'whatif', { runId: model.profile.runId, wanted });
  }

  private predictNow(): void {
    const { model } = this.context;
    const targets = targetsOf(this.wanted, model.profile.categories, (name) => model.data.find(name));
    const cuts = cutsOf(targets, model.shown.costs.self, model.profile.category, model.shown.totalWeight);
    const prediction = predict(cuts, this.measured);
    this.result.dataset.speedup = prediction.speedup.value.toFixed(4);
    const measured = model.profile.results[0]?.opsPerSec;
    const confident = measured !== undefined && reaches95(measured);
    setText(this.result, resultText(prediction, this.measured, confident));
  }
}
