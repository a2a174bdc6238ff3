/** The flame graph's tab: search and views above, path of the zoom, the graph, and the selected frame below. */
import { followPath, pathTo } from '../../src/core/profile/frameTree.js';
import { el, setText, swatch } from '../dom.js';
import { percent, plural } from '../format.js';
import type { Change } from '../model.js';
import type { TabContext, TabView } from '../tabs.js';
import type { Theme } from '../theme.js';
import { toolkitButton, toolkitTextField } from '../toolkit.js';
import { drawBreadcrumb } from './breadcrumb.js';
import { frameColours } from './colours.js';
import { describeFrame, nodeName } from './describe.js';
import { FlameGraph } from './flameGraph.js';
import { aggregatedFrames, type ShownFrames } from './frames.js';
import { History } from './history.js';
import { zoomedNode, type Range } from './layout.js';
import { exactQuery, heaviestNode, matchFunctions, parseQuery, weighMatches } from './search.js';

const help =
  'Click a frame to zoom in, double-click it to open its source, Ctrl+wheel zooms, dragging moves. Press ? for all keys.';
const noSamples =
  'No samples are shown: the program may have ended before the first one, or a filter leaves none.';

export class FlameView implements TabView {
  readonly element: HTMLElement;
  private readonly field = toolkitTextField(
    'Search functions',
    'Search: name, "exact name" or /regex/',
    (text) => {
      this.context.model.update({ search: text });
      this.search();
    },
  );
  private readonly clear = toolkitButton('Clear', 'secondary', () => {
    this.setSearch('');
    this.field.focus();
  });
  private readonly status = el('span', { class: 'search-status', role: 'status' });
  private readonly legend = el('ul', { class: 'legend', 'aria-label': 'Colours' });
  private readonly path = el('ol', { class: 'breadcrumb', 'aria-label': 'Zoomed path' });
  private readonly detailText = el('div', { class: 'details-text' });
  private readonly sourceButton = toolkitButton('Go to source', 'primary', () => {
    this.openSource(this.selected);
  });
  private readonly graph: FlameGraph;
  private readonly history = new History<Range>();
  private frames: ShownFrames | undefined;
  private theme: Theme | undefined;
  private selected = -1;
  /** What has changed since the last rendering. */
  private stale = new Set<Change>(['profile']);

  constructor(private readonly context: TabContext) {
    this.graph = new FlameGraph(
      {
        moved: (_range, lasting) => {
          this.afterMove(lasting);
        },
        zoomed: (node) => {
          this.zoom(node);
        },
        selected: (node) => {
          this.selectNode(node);
        },
        openSource: (node) => {
          this.openSource(node);
        },
        menu: () => undefined,
        key: (event) => this.key(event),
      },
      (node) => this.frames?.placeOf(node),
    );
    this.field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.setSearch('');
      if (event.key === 'Escape' || event.key === 'Enter') this.graph.focus();
    });
    this.element = el(
      'section',
      { class: 'flame', 'aria-label': 'Flame graph' },
      el('div', { class: 'toolbar' }, this.field, this.clear, this.status),
      this.legend,
      el('nav', { class: 'path', 'aria-label': 'Zoomed path' }, this.path),
      this.graph.element,
      el(
        'div',
        { class: 'details', role: 'status', 'aria-live': 'polite' },
        this.detailText,
        this.sourceButton,
      ),
      this.graph.tooltip.element,
    );
    context.model.onChange((change) => this.stale.add(change));
  }

  render(theme: Theme): void {
    const { model } = this.context;
    const { stale } = this;
    const fresh = stale.has('profile') || stale.has('shown') || this.frames === undefined;
    if (fresh) this.frames = aggregatedFrames(model);
    const { frames } = this;
    if (frames === undefined) return;
    if (fresh || theme !== this.theme || stale.has('state')) {
      this.theme = theme;
      const colours = frameColours(model, theme);
      this.graph.show(model, frames.tree, theme, colours, fresh ? this.restoredRange() : this.graph.range);
      this.drawLegend(colours.legend);
    }
    if (fresh) {
      this.history.clear();
      this.history.push(this.graph.range);
      this.field.value = model.state.search;
      this.search();
      this.drawPath();
    }
    if (fresh || stale.has('selection')) this.showSelection();
    this.stale = new Set();
  }

  focusSearch(): void {
    this.field.focus();
  }

  setSearch(text: string): void {
    this.field.value = text;
    this.context.model.update({ search: text });
    this.search();
  }

  /** Every frame of the function found, and the whole seen. */
  showFunction(func: number): void {
    this.setSearch(exactQuery(this.context.model.data.rawName(func)));
    if (this.frames !== undefined) this.zoom(0);
  }

  /** Zooms to the selection's caller when the selected frame is too narrow to be seen. */
  revealSelection(): void {
    const { frames, selected } = this;
    if (frames === undefined || selected < 0 || this.graph.isVisible(selected)) return;
    this.zoom(0);
    if (!this.graph.isVisible(selected)) this.zoom(Math.max(0, frames.tree.parent(selected)));
  }

  private restoredRange(): Range {
    const { tree } = this.frames as ShownFrames;
    const { zoom } = this.context.model.state;
    const whole = tree.total(0);
    const sameRun = !this.stale.has('profile') || this.theme === undefined;
    const node = followPath(tree, zoom.path, (func) => this.context.model.stepName(func));
    const path = { from: tree.start(node), to: tree.start(node) + tree.total(node) };
    const range = { from: zoom.from * whole, to: zoom.to * whole };
    // The exact part where it still lies in the named frame; another profile has that frame elsewhere.
    const slack = whole * 1e-9;
    const inside = range.from >= path.from - slack && range.to <= path.to + slack;
    return sameRun && inside ? range : path.to > path.from ? path : { from: 0, to: whole };
  }

  private zoom(node: number): void {
    const { tree } = this.frames as ShownFrames;
    const from = tree.start(node);
    const range = { from, to: from + tree.total(node) };
    if (range.from === this.graph.range.from && range.to === this.graph.range.to) return;
    this.graph.setRange(range, node);
    this.afterMove(true);
  }

  private afterMove(lasting: boolean): void {
    const range = this.graph.range;
    if (lasting) this.history.push(range);
    this.drawPath();
  }

  private step(by: -1 | 1): void {
    const range = this.history.step(by);
    if (range === undefined) return;
    this.graph.setRange(range);
    this.drawPath();
  }

  private selectNode(node: number): void {
    const { tree } = this.frames as ShownFrames;
    const func = tree.func(node);
    this.selected = node;
    const names = pathTo(tree, node).map((n) => this.context.model.stepName(tree.func(n)));
    this.context.actions.selectFunction(Math.max(-1, func), names);
  }

  /** The selection as the model has it: the very frame where its path is here, else the function's heaviest. */
  private showSelection(): void {
    const { model } = this.context;
    const { tree } = this.frames as ShownFrames;
    const func = model.selectedFunction;
    if (
      this.selected < 0 ||
      tree.func(this.selected) !== func ||
      this.stale.has('shown') ||
      this.stale.has('profile')
    ) {
      const path = model.state.selectedPath;
      const node = followPath(tree, path, (f) => model.stepName(f));
      this.selected =
        func < 0 ? -1 : path.length > 0 && tree.func(node) === func ? node : heaviestNode(model.tree, func);
    }
    this.graph.select(this.selected);
    this.describeSelection();
  }

  private search(): void {
    const { model } = this.context;
    if (!model.hasProfile) return;
    const query = parseQuery(model.state.search);
    this.clear.disabled = query.kind === 'none';
    if (query.kind !== 'match') {
      this.graph.setFound(undefined);
      const all = `${plural(model.data.functionCount, 'function')} in ${plural(model.tree.length - 1, 'frame')}`;
      setText(this.status, query.kind === 'invalid' ? query.reason : all);
      return;
    }
    const { mask, functions } = matchFunctions(
      model.data.functionCount,
      (func) => model.data.rawName(func),
      query.matches,
    );
    const { frames, weight } = weighMatches(model.tree, mask);
    this.graph.setFound(mask);
    setText(
      this.status,
      functions === 0
        ? 'No function found'
        : `${plural(functions, 'function')} in ${plural(frames, 'frame')}, ${percent(model.share(weight))} of all samples`,
    );
  }

  private drawPath(): void {
    const { model } = this.context;
    const { tree } = this.frames as ShownFrames;
    const layout = this.graph.shownLayout;
    const node = layout === undefined ? 0 : zoomedNode(layout, tree);
    const path = pathTo(tree, node);
    drawBreadcrumb(
      this.path,
      [0, ...path],
      (n) => nodeName(model, tree, n),
      (n) => {
        this.zoom(n);
        this.graph.focus();
      },
    );
    const whole = tree.total(0) || 1;
    const { from, to } = this.graph.range;
    const names = path.map((n) => model.stepName(tree.func(n)));
    if (layout !== undefined) model.remember({ zoom: { path: names, from: from / whole, to: to / whole } });
  }

  private drawLegend(entries: readonly { name: string; slot: number }[]): void {
    const { model } = this.context;
    const count = model.profile.categories.length;
    this.legend.replaceChildren(...entries.map(({ name, slot }) => el('li', {}, swatch(slot, count), name)));
  }

  private describeSelection(): void {
    const { model } = this.context;
    const { frames, selected } = this;
    if (frames === undefined || selected < 0) {
      this.sourceButton.disabled = true;
      this.detailText.replaceChildren(
        el('span', { class: 'hint' }, model.sampleCount === 0 ? noSamples : help),
      );
      return;
    }
    const description = describeFrame(model, frames.tree, selected, frames.placeOf(selected));
    const name = el(
      'strong',
      { class: 'details-name', title: description.name },
      el('span', {}, description.name),
    );
    if (description.category >= 0)
      name.prepend(swatch(description.category, model.profile.categories.length));
    const list = el('dl', { class: 'facts' });
    for (const fact of description.facts)
      list.append(el('div', {}, el('dt', {}, fact.label), el('dd', {}, fact.value)));
    this.detailText.replaceChildren(name, list);
    this.sourceButton.disabled = description.place === undefined;
  }

  private openSource(node: number): void {
    if (this.frames === undefined || node < 0) return;
    const func = this.frames.tree.func(node);
    if (func >= 0) this.context.actions.openSource(func, this.frames.placeOf(node));
  }

  private key(event: KeyboardEvent): boolean {
    const { frames } = this;
    if (frames === undefined) return false;
    const current = this.selected >= 0 ? this.selected : 0;
    if (event.altKey) {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return false;
      this.step(event.key === 'ArrowLeft' ? -1 : 1);
      return true;
    }
    if (event.ctrlKey || event.metaKey) return false;
    switch (event.key) {
      case 'Enter':
      case ' ':
        this.zoom(current);
        return true;
      case 'Escape':
      case 'Backspace': {
        const layout = this.graph.shownLayout;
        const node = layout === undefined ? 0 : zoomedNode(layout, frames.tree);
        this.zoom(node === 0 ? 0 : this.widerThan(node));
        return true;
      }
      case 'Home':
        this.selectNode(0);
        this.zoom(0);
        return true;
      case 'o':
      case 'O':
        this.openSource(current);
        return true;
      case '/':
        this.field.focus();
        return true;
      default:
        return false;
    }
  }

  /** The nearest caller that is wider: an only child's caller would look the same. */
  private widerThan(node: number): number {
    const { tree } = this.frames as ShownFrames;
    const span = this.graph.range.to - this.graph.range.from;
    let up = node;
    while (up > 0 && tree.total(up) <= span * (1 + 1e-9)) up = tree.parent(up);
    return up;
  }
}
