/** The tab that asks: what would the throughput be if this cost less? */
import { effectiveSamples, type Estimate } from '../../../src/statistics/estimate.js';
import { sameWork } from '../../../src/text/differentArguments.js';
import { cutsOf, predict, type Measured, type WhatIf } from '../../../src/statistics/amdahl.js';
import { categoryTable } from '../../store/categoryCosts.js';
import { el, linkButton, setText, swatch } from '../../ui/dom.js';
import { opsPerSec, percent, percentDigits, scaled } from '../../text/format.js';
import type { TabContext, TabView } from '../tab.js';
import { toolkitButton } from '../../ui/toolkit.js';
import { readWanted, sameSubject, targetsOf, type Wanted } from './targets.js';

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
    'aria-label': 'Costs and their targets',
  });
  /** Not live: the slider that is moved says it, and what else changes it announces it. */
  private readonly result = el('div', { class: 'what-if-result' });
  private readonly examples = el('div', {
    class: 'what-if-examples',
    role: 'group',
    'aria-label': 'Examples',
  });
  private wanted: Wanted[];
  private stale = true;
  private measured: Measured = { weight: 0, effective: 0, throughput: null };

  constructor(private readonly context: TabContext) {
    this.wanted = readWanted(context.model.state.tabs['whatif']);
    context.model.onChange((change) => {
      if (change !== 'state') this.stale = true;
    });
    this.element = el(
      'section',
      { class: 'what-if', 'aria-label': 'What if' },
      this.result,
      this.examples,
      el(
        'div',
        { class: 'toolbar' },
        toolkitButton('Reset', 'secondary', () => {
          this.set([]);
          this.refill();
          context.actions.announce('Reset: every cost is as measured');
        }),
        el(
          'span',
          { class: 'muted' },
          'Drag a cost down, or type its target share. A function selected in any tab gets a row of its own.',
        ),
      ),
      this.list,
      el(
        'p',
        { class: 'hint' },
        `Amdahl’s law: throughput / (1 − saved share). It assumes that the sampled thread time is the only bottleneck, that nothing else changes with it, and that ${sameWork}. The interval joins the sampling error of the shares with the interval of the measured throughput.`,
      ),
    );
  }

  render(): void {
    if (!this.stale) return;
    this.stale = false;
    this.measured = this.measure();
    this.refill();
  }

  private measure(): Measured {
    const { model } = this.context;
    const { weight } = model.profile.samples;
    const event = model.profile.events[model.event];
    let [sum, squares] = [0, 0];
    for (let i = 0; i < weight.length; i++) {
      if (model.mask?.[i] === 0) continue;
      const w = weight[i] ?? 0;
      sum += w;
      squares += w * w;
    }
    const counted = event?.name === 'samples' ? sum : effectiveSamples(sum, squares);
    const own = model.profile.results[0]?.opsPerSec;
    return {
      weight: model.totalWeight,
      effective: event?.exact === true ? Infinity : counted,
      throughput: own === undefined ? null : { value: own.median, low: own.ci95[0], high: own.ci95[1] },
    };
  }

  private get rows(): Row[] {
    const { model } = this.context;
    const { data } = model;
    const { rows } = categoryTable(model.costs, model.profile.category, model.profile.categories.length);
    const categories = rows.flatMap(({ category, self }): Row[] =>
      category < 0
        ? []
        : [
            {
              wanted: { category: model.profile.categories[category] ?? '', share: model.share(self) },
              share: model.share(self),
              name: data.categoryName(category),
              category,
            },
          ],
    );
    const named = this.wanted.flatMap((item) => ('func' in item ? data.find(item.func) : []));
    const funcs = new Set([...named, model.selectedFunction].filter((func) => func >= 0));
    const functions = [...funcs].map((func): Row => {
      const share = model.share(model.costs.self[func] ?? 0);
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
    // Before the rows: their sliders say it.
    this.predictNow();
    this.list.replaceChildren(...this.rows.map((row) => this.row(row)));
    const present = new Map(this.rows.map(({ name, share }) => [name, share]));
    this.examples.replaceChildren(
      ...model.profile.scenarios.map(({ name, description, targets }) => {
        const reachable = targets.filter(({ category, share }) => (present.get(category) ?? 0) > share);
        const button = toolkitButton(name, 'secondary', () => {
          const items = reachable.map(({ category, share }) => ({ category, share }));
          this.set([...this.wanted.filter((w) => !items.some((item) => sameSubject(item, w))), ...items]);
          this.refill();
          this.context.actions.announce(`${name}. ${this.result.textContent}`);
        });
        const detail = targets
          .map(({ category, share }) => {
            const now = present.get(category) ?? 0;
            return now > share
              ? `${category} ${percent(now)} → ${percent(share)}`
              : `${category} is at ${percent(now)}, below ${percent(share)} already`;
          })
          .join(', ');
        button.title = description;
        button.disabled = reachable.length === 0;
        return el('div', { class: 'what-if-example' }, button, el('span', { class: 'muted' }, detail));
      }),
    );
  }

  private row(row: Row): HTMLElement {
    const target = this.wanted.find((item) => sameSubject(item, row.wanted))?.share ?? row.share;
    const max = row.share;
    const slider = el('input', {
      type: 'range',
      min: '0',
      max: '1000',
      step: '5',
      'aria-label': `Target of ${row.name}`,
    });
    const number = el('input', {
      type: 'number',
      min: '0',
      max: '100',
      step: '0.1',
      'aria-label': `Target of ${row.name} in percent`,
    });
    const reset = linkButton('Reset', `Leave ${row.name} as it is`, () => {
      this.want(row, row.share);
      put(row.share);
      slider.focus();
      this.context.actions.announce(`${row.name} as measured. ${this.result.textContent}`);
    });
    const put = (share: number): void => {
      const digits = percentDigits(share);
      slider.value = String(max > 0 ? Math.round((share / max) * 1000) : 0);
      slider.setAttribute(
        'aria-valuetext',
        `${digits} percent of the time, measured ${percent(row.share)}. ${this.result.textContent}`,
      );
      number.value = digits;
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
      // More than it costs now would be no saving; what is not a number leaves it as it is.
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
      el('span', { class: 'number' }, percent(row.share)),
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
    model.update({ tabs: { ...model.state.tabs, whatif: wanted } });
  }

  private predictNow(): void {
    const { model } = this.context;
    const targets = targetsOf(this.wanted, model.profile.categories, (name) => model.data.find(name));
    const cuts = cutsOf(targets, model.costs.self, model.profile.category, model.totalWeight);
    const prediction = predict(cuts, this.measured);
    this.result.dataset.speedup = prediction.speedup.value.toFixed(4);
    setText(
      this.result,
      describe(prediction, this.measured, model.profile.results[0]?.opsPerSec.samples.length ?? 0),
    );
  }
}

function describe(
  { removed, speedup, throughput }: WhatIf,
  { throughput: now }: Measured,
  repeats: number,
): string {
  const parts = [
    `Saved ${percent(removed.value)} of the time`,
    `${times(speedup.value)} (95 %: ${range(speedup, times)})`,
  ];
  if (throughput !== null && now !== null) {
    const kind = repeats < 6 ? 'from the range of the measured repeats' : '95 %';
    parts.push(
      `${opsPerSec(now.value)} → ${opsPerSec(throughput.value)} (${kind}: ${range(throughput, scaled)})`,
    );
  } else parts.push('no throughput was measured, so only the ratio is known');
  return parts.join(' · ');
}

function range({ low, high }: Estimate, format: (value: number) => string): string {
  return `${format(low)} to ${format(high)}`;
}

function times(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(3)}×` : 'without limit';
}
