/** The comparison's tab: what is compared, the flame graph of differences, and the table of functions. */
import type { ComparedRun, HostMessage } from '../../../src/wire/protocol.js';
import { el, linkButton, setText } from '../../ui/dom.js';
import { count, localTime, plural, printable } from '../../text/format.js';
import { keepFor, keptBy } from '../../store/kept.js';
import type { Change } from '../../store/panelModel.js';
import { parseColour } from '../../ui/palette.js';
import { oneOf, texts } from '../../store/panelState.js';
import { KeptScroll } from '../keptScroll.js';
import type { TabContext, TabView } from '../tab.js';
import { functionKeys, moveBetweenRows, selectRow } from '../../ui/tableRows.js';
import type { Theme } from '../../ui/theme.js';
import { toolkitButton } from '../../ui/toolkit.js';
import { compareRuns, type Comparison, type Normalisation } from '../../comparison/runs.js';
import { diffFrames } from '../../comparison/diffFrames.js';
import { DiffGraph } from './diffGraph.js';
import { headElements } from './head.js';
import { diffRowElement, headCell, number } from './rowElements.js';
import { diffRows, filterLabels, filters, type Filter } from './rows.js';
import { noiseSlot, scaleColours, stepTexts } from './scale.js';
import { frameTexts } from './frameTexts.js';

const pageSize = 200;
const columns = ['Function', 'A', 'B', 'B − A', '95 % interval', 'Samples', 'Verdict'];

export class CompareView implements TabView {
  readonly element: HTMLElement;
  private readonly head = el('div', { class: 'compare-runs' });
  private readonly legend = el('ul', { class: 'diff-legend', 'aria-label': 'Colours' });
  private readonly normalise = select('Compare by', [
    ['share', 'Share of all samples'],
    ['operation', 'Cost per operation'],
  ]);
  private readonly which = select('Run A', []);
  private readonly filter = select(
    'List',
    filters.map((id) => [id, filterLabels[id]] as const),
  );
  private readonly status = el('span', { class: 'search-status', role: 'status' });
  private readonly body = el('tbody');
  private readonly foot = el('tfoot');
  private readonly more = el('div', { class: 'more' });
  private readonly graph = new DiffGraph(
    (node) => {
      this.pick(node);
    },
    (path) => {
      keepFor(this.context.model, 'compare', { zoom: path });
      this.context.actions.announce(`Zoomed to ${path.at(-1) ?? 'all'}`);
    },
  );
  private readonly empty: HTMLElement;
  private readonly content: HTMLElement;
  private runs: readonly ComparedRun[] = [];
  private comparison: Comparison | undefined;
  private theme: Theme | undefined;
  private shown = 0;
  private rows: number[] = [];
  private stale = true;
  private back = true;
  private keptWhich: unknown;

  private readonly scroll: KeptScroll;

  constructor(private readonly context: TabContext) {
    const choose = (): HTMLElement =>
      toolkitButton('Compare with Run…', 'primary', () => {
        context.actions.post({ type: 'compareWith' });
      });
    context.model.onChange((change: Change) => {
      if (change === 'profile' || change === 'shown') this.stale = true;
      if (change === 'profile') this.back = true;
    });
    for (const control of [this.normalise, this.which]) {
      control.addEventListener('change', () => {
        this.stale = true;
        this.keep();
        this.render(this.theme);
      });
    }
    this.filter.addEventListener('change', () => {
      this.fill();
      this.keep();
    });
    const kept = keptBy(context.model, 'compare');
    this.keptWhich = kept['which'];
    this.normalise.value = oneOf(kept['normalise'], ['share', 'operation'], 'share');
    this.filter.value = oneOf(kept['filter'], filters, 'all');
    const table = el(
      'table',
      {
        class: 'grid diff-table',
        role: 'grid',
        'aria-label': 'Functions of both runs',
        'aria-description': functionKeys,
      },
      el('thead', {}, el('tr', { role: 'row' }, ...columns.map((name, i) => headCell(name, i)))),
      this.body,
      this.foot,
    );
    moveBetweenRows(table, (row, event) => this.key(row, event));
    this.body.addEventListener('click', (event) => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('tr[data-func]') : null;
      if (row !== null) context.actions.selectFunction(Number(row.dataset.func));
    });
    this.empty = el(
      'div',
      { class: 'empty' },
      el(
        'p',
        {},
        'No run to compare with is chosen. A function’s share, or its cost per operation, is then shown side by side, with what is significant told apart from noise.',
      ),
      choose(),
    );
    const box = el('div', { class: 'table-box' }, table, this.more);
    this.content = el(
      'div',
      { class: 'compare-content' },
      this.head,
      el(
        'div',
        { class: 'toolbar compare-toolbar' },
        labelled(this.which),
        labelled(this.normalise),
        choose(),
        toolkitButton('Clear', 'secondary', () => {
          context.actions.post({ type: 'clearComparison' });
        }),
      ),
      this.legend,
      this.graph.element,
      el('div', { class: 'toolbar' }, labelled(this.filter), this.status),
      box,
    );
    this.scroll = new KeptScroll(context.model, 'compare', box);
    this.element = el('section', { class: 'compare', 'aria-label': 'Compare' }, this.empty, this.content);
    this.content.hidden = true;
  }

  receive(message: { readonly type: string }): void {
    if (message.type !== 'comparison') return;
    this.runs = (message as Extract<HostMessage, { type: 'comparison' }>).runs;
    const chosen = this.runs.find(({ slot }) => slot === 'other') ?? this.runs[0];
    this.which.replaceChildren(
      ...this.runs.map(({ slot, profile }) =>
        el(
          'option',
          { value: slot },
          `${slot === 'baseline' ? 'Baseline: ' : ''}${printable(profile.preset)}, ${localTime(profile.createdAt)}`,
        ),
      ),
    );
    const wanted = this.runs.find(({ slot }) => slot === this.keptWhich) ?? chosen;
    // Once: a run that is chosen from now on is shown.
    if (this.runs.length > 0) this.keptWhich = undefined;
    if (wanted !== undefined) this.which.value = wanted.slot;
    this.stale = true;
    if (this.theme === undefined || this.context.model.state.tab !== 'compare') return;
    this.render(this.theme);
  }

  render(theme: Theme | undefined): void {
    if (theme === undefined) return;
    const other = this.runs.find(({ slot }) => slot === this.which.value) ?? this.runs[0];
    this.empty.hidden = other !== undefined;
    this.content.hidden = other === undefined;
    const fresh = this.stale || theme !== this.theme;
    this.theme = theme;
    if (other === undefined) {
      this.comparison = undefined;
      return;
    }
    if (this.stale) {
      this.stale = false;
      this.comparison = compareRuns(this.context.model, other, this.normalise.value as Normalisation);
      this.drawHead(this.comparison, other);
      this.fill();
    }
    if (fresh && this.comparison !== undefined) this.drawGraph(this.comparison, theme);
    selectRow(this.body, this.context.model.selectedFunction);
    // The runs come after the profile: what is kept waits for them.
    if (this.back) this.scroll.restore();
    this.back = false;
  }

  private keep(): void {
    keepFor(this.context.model, 'compare', {
      which: this.which.value,
      normalise: this.normalise.value,
      filter: this.filter.value,
    });
  }

  private drawHead(
    { a, b, noOperations, normalisation, warnings, remarks, diff }: Comparison,
    other: ComparedRun,
  ): void {
    this.normalise.value = normalisation;
    const perOperation = this.normalise.querySelector<HTMLOptionElement>('option[value="operation"]');
    if (perOperation !== null) {
      perOperation.disabled = noOperations !== '';
      perOperation.textContent =
        noOperations === '' ? 'Cost per operation' : `Cost per operation: ${noOperations}`;
    }
    this.head.replaceChildren(...headElements({ a, b, warnings, remarks, diff }, other.differences));
  }

  private drawGraph(comparison: Comparison, theme: Theme): void {
    const colours = scaleColours(
      parseColour(theme.background) ?? [255, 255, 255],
      parseColour(theme.foreground) ?? [0, 0, 0],
    );
    const unit = (share: number): string => comparison.format(share * comparison.diff.a.cost.value);
    const steps = stepTexts(unit);
    const entry = (slot: number, text: string): HTMLElement => {
      const box = el('span', { class: 'swatch', 'aria-hidden': 'true' });
      box.style.backgroundColor = colours[slot]?.fill ?? '';
      box.style.borderColor = colours[slot]?.edge ?? '';
      return el('li', {}, box, text);
    };
    this.legend.replaceChildren(
      ...steps.map((text, i) =>
        entry(noiseSlot - steps.length + i, `less in B: ${steps[steps.length - 1 - i] ?? text}`),
      ),
      entry(noiseSlot, 'within noise'),
      ...steps.map((text, i) => entry(noiseSlot + 1 + i, `more in B: ${text}`)),
    );
    const path = texts(keptBy(this.context.model, 'compare')['zoom']);
    this.graph.show(diffFrames(comparison.diff.tree), frameTexts(comparison), theme, colours, path);
  }

  private pick(node: number): void {
    const aligned = this.comparison?.diff.tree.func[node] ?? -1;
    const func = this.comparison?.diff.functions.b[aligned] ?? -1;
    if (func >= 0 && func !== this.context.model.selectedFunction) this.context.actions.selectFunction(func);
  }

  private fill(): void {
    const { comparison } = this;
    if (comparison === undefined) return;
    this.rows = diffRows(comparison.diff, this.filter.value as Filter);
    this.shown = 0;
    this.body.replaceChildren();
    this.showMore();
    this.body.querySelector('tr')?.setAttribute('tabindex', '0');
    const { self, functions } = comparison.diff;
    const news = self.verdict.subarray(0, functions.length).filter((verdict) => verdict !== 0).length;
    setText(
      this.status,
      `${plural(this.rows.length, 'row')}; ${plural(news, 'function')} of ${count(functions.length)} differ beyond noise`,
    );
    const sum = (values: Float64Array): number => values.reduce((all, value) => all + value, 0);
    const [sumA, sumB] = [sum(self.a), sum(self.b)];
    this.foot.replaceChildren(
      el(
        'tr',
        {
          role: 'row',
          class: 'sum',
          'data-sum-a': comparison.format(sumA),
          'data-sum-b': comparison.format(sumB),
        },
        el('th', { scope: 'row', role: 'rowheader' }, 'Sum of all functions, self'),
        number(comparison.format(sumA)),
        number(comparison.format(sumB)),
        number(comparison.formatDelta(sumB - sumA)),
        el(
          'td',
          { colspan: '3', role: 'gridcell', class: 'muted' },
          'B − A believed at a false discovery rate of 5 %; sampling error only',
        ),
      ),
    );
  }

  private showMore(): void {
    const { comparison } = this;
    if (comparison === undefined) return;
    const end = Math.min(this.shown + pageSize, this.rows.length);
    this.body.append(
      ...this.rows.slice(this.shown, end).map((i) => diffRowElement(comparison, i, this.context.actions)),
    );
    this.shown = end;
    const left = this.rows.length - end;
    this.more.replaceChildren();
    if (left > 0)
      this.more.append(
        linkButton(`Show ${count(Math.min(left, pageSize))} more of ${count(left)}`, '', () => {
          this.showMore();
        }),
      );
  }

  private key(row: HTMLElement, event: KeyboardEvent): boolean {
    if (row.dataset.func === undefined) return false;
    const func = Number(row.dataset.func);
    if (event.key === 'Enter' || event.key === 'o') this.context.actions.openSource(func);
    else if (event.key === ' ') this.context.actions.showInFlameGraph(func);
    else return false;
    return true;
  }
}

function select(label: string, options: readonly (readonly [string, string])[]): HTMLSelectElement {
  const element = el('select', { class: 'plain-select', 'aria-label': label });
  element.append(...options.map(([value, text]) => el('option', { value }, text)));
  return element;
}

function labelled(control: HTMLSelectElement): HTMLElement {
  return el('label', { class: 'labelled' }, `${control.getAttribute('aria-label') ?? ''} `, control);
}
