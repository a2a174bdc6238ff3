/** The flame graph's tab: search and views above, path of the zoom, the graph, and the selected frame below. */
import { followPath, pathTo, type FrameTree } from '../../src/core/profile/frameTree.js';
import { TimeOrder } from '../../src/core/profile/timeOrder.js';
import { openMenu, type MenuItem } from '../menu.js';
import { el, setText, swatch } from '../dom.js';
import { percent, plural } from '../format.js';
import type { Change } from '../model.js';
import type { TabContext, TabView } from '../tabs.js';
import type { Theme } from '../theme.js';
import { toolkitButton, toolkitTextField } from '../toolkit.js';
import { drawBreadcrumb } from './breadcrumb.js';
import { frameColours } from './colours.js';
import { FlameControls, viewKinds } from './controls.js';
import { describeFrame, nodeName } from './describe.js';
import { FlameGraph } from './flameGraph.js';
import { drawChips } from './filters.js';
import { framesOf, type ShownFrames } from './frames.js';
import { frameMenu } from './frameMenu.js';
import { openHelp } from './help.js';
import { History } from './history.js';
import { zoomedNode, type Range } from './layout.js';
import { exactQuery, heaviestNode, parseQuery, weighMatches } from './search.js';

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
      this.context.model.remember({ search: text });
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
  private readonly chips = el('ul', { class: 'chips', 'aria-label': 'Filters' });
  private readonly controls: FlameControls;
  private readonly graph: FlameGraph;
  /** Above the graph in the sandwich view: the callers of the selected function. */
  private readonly callersGraph: FlameGraph;
  private callers: ShownFrames | undefined;
  private readonly history = new History<Range>();
  private frames: ShownFrames | undefined;
  private theme: Theme | undefined;
  private kind = '';
  private pathNode = -1;
  private pathTree: FrameTree | undefined;
  /** While a frame of this view is being selected. */
  private inside = false;
  private found: Uint8Array | undefined;
  private selected = -1;
  private selectedCaller = -1;
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
        menu: (node, x, y) => {
          this.openMenu(node, x, y);
        },
        key: (event) => this.key(event),
      },
      (node) => this.frames?.placeOf(node),
    );
    this.callersGraph = this.makeCallersGraph();
    this.controls = new FlameControls(context.model, {
      filterToRange: () => {
        this.filterToRange();
      },
      help: () => {
        this.help();
      },
      match: (by) => {
        this.nextMatch(by);
      },
      step: (by) => {
        this.step(by);
      },
    });
    this.field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.setSearch('');
      if (event.key === 'Escape' || event.key === 'Enter') this.graph.focus();
    });
    this.element = el(
      'section',
      { class: 'flame', 'aria-label': 'Flame graph' },
      el('div', { class: 'toolbar' }, this.field, this.controls.matches, this.clear, this.status),
      this.controls.element,
      this.chips,
      this.legend,
      el('nav', { class: 'path', 'aria-label': 'Zoomed path' }, this.path),
      this.graph.element,
      this.callersGraph.element,
      this.callersGraph.tooltip.element,
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
    const kind = `${model.state.view} ${String(model.state.separateThreads)}`;
    const another =
      kind !== this.kind || (model.state.view === 'sandwich' && stale.has('selection') && !this.inside);
    const fresh = stale.has('profile') || stale.has('shown') || this.frames === undefined || another;
    if (fresh) this.build(kind);
    const { frames } = this;
    if (frames === undefined) return;
    if (fresh || theme !== this.theme || stale.has('state')) {
      const colours = frameColours(model, theme);
      this.callersGraph.element.hidden = this.callers === undefined;
      const range = fresh ? this.restoredRange() : this.graph.range;
      this.theme = theme;
      this.graph.show(model, frames.tree, theme, colours, range);
      if (this.callers !== undefined) {
        const { tree } = this.callers;
        const whole = { from: 0, to: tree.total(0) };
        this.callersGraph.show(model, tree, theme, colours, fresh ? whole : this.callersGraph.range);
      }
      this.drawLegend(colours.legend);
      this.controls.update();
    }
    if (fresh) {
      this.history.clear();
      this.history.push(this.graph.range);
      if (this.field.value !== model.state.search) this.field.value = model.state.search;
      drawChips(this.chips, model);
      this.search();
      this.drawPath();
    }
    if (fresh || stale.has('selection')) this.showSelection();
    this.stale = new Set();
    if (fresh) this.warmSoon(frames);
  }

  /** After the first frame is seen, and before the first pointing needs it. */
  private warmSoon(frames: ShownFrames): void {
    requestIdleCallback(() => {
      if (frames !== this.frames) return;
      frames.warm();
      void this.context.model.costs;
    });
  }

  private build(kind: string): void {
    const { model } = this.context;
    const { main, callers } = framesOf(model);
    // A path of one view means nothing in another; at first it is the remembered one.
    if (this.frames !== undefined && kind !== this.kind)
      model.remember({ zoom: { path: [], from: 0, to: 1 } });
    this.selected = -1;
    this.selectedCaller = -1;
    this.frames = main;
    this.callers = callers;
    this.kind = kind;
  }

  focusSearch(): void {
    this.field.focus();
  }

  setSearch(text: string): void {
    this.field.value = text;
    this.context.model.remember({ search: text });
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
    this.inside = true;
    this.context.actions.selectFunction(Math.max(-1, func), names);
    this.inside = false;
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
      this.selected = func < 0 ? -1 : path.length > 0 && tree.func(node) === func ? node : this.standIn(func);
    }
    this.graph.select(this.selected);
    this.describeSelection();
  }

  /** The frame that stands for a function selected elsewhere. */
  private standIn(func: number): number {
    const { view } = this.context.model.state;
    if (view === 'aggregated') return heaviestNode(this.context.model.tree, func);
    const { tree } = this.frames as ShownFrames;
    // Inverted and sandwich have it in the first row; in time order no occurrence stands for all.
    let node = -1;
    if (view === 'time') return node;
    tree.place(0, -Infinity, Infinity, 0, {
      frame: (child) => {
        if (tree.func(child) === func) node = child;
      },
      strip: () => undefined,
    });
    return node;
  }

  private help(): void {
    openHelp(() => {
      this.graph.focus();
    });
  }

  private makeCallersGraph(): FlameGraph {
    const funcOf = (node: number): number => this.callers?.tree.func(node) ?? -1;
    const graph = new FlameGraph(
      {
        moved: () => undefined,
        zoomed: (node) => {
          const { tree } = this.callers as ShownFrames;
          const from = tree.start(node);
          graph.setRange({ from, to: from + tree.total(node) }, node);
        },
        selected: (node) => {
          this.selectedCaller = node;
          graph.select(node);
        },
        openSource: (node) => {
          if (funcOf(node) >= 0) this.context.actions.openSource(funcOf(node));
        },
        menu: (node, x, y) => {
          this.openMenu(node, x, y, this.callers);
        },
        key: (event) => {
          const node = Math.max(0, this.selectedCaller);
          if (event.key === 'm' || (event.key === 'F10' && event.shiftKey)) {
            const box = graph.element.getBoundingClientRect();
            this.openMenu(node, box.left + 40, box.top + 40, this.callers);
          } else if (event.key === 'Enter' && funcOf(node) >= 0)
            this.context.actions.selectFunction(funcOf(node));
          else return false;
          return true;
        },
      },
      () => undefined,
      'Callers',
    );
    graph.element.classList.add('flame-callers');
    return graph;
  }

  private openMenu(node: number, x: number, y: number, frames = this.frames): void {
    if (frames === undefined) return;
    const items = this.menuItems(node, frames);
    openMenu(nodeName(this.context.model, frames.tree, node), items, x, y, () => {
      this.graph.focus();
    });
  }

  private menuItems(node: number, frames: ShownFrames): MenuItem[] {
    return frameMenu(this.context, frames, node, () => {
      if (frames === this.frames) this.zoom(node);
    });
  }

  /** The visible part of the time order becomes the filter of time. */
  private filterToRange(): void {
    const tree = this.frames?.tree;
    if (!(tree instanceof TimeOrder)) return;
    const { from, to } = this.graph.range;
    this.context.model.remember({ zoom: { path: [], from: 0, to: 1 } });
    this.context.model.filter({ time: tree.timesOf(from, to) });
  }

  private nextMatch(by: 1 | -1): void {
    const { found, context } = this;
    const layout = this.graph.shownLayout;
    const { tree } = this.frames as ShownFrames;
    if (found === undefined || layout === undefined) return;
    const nodes = [...layout.node].filter((node) => node > 0 && found[tree.func(node)] === 1);
    if (nodes.length === 0) {
      context.actions.announce('No match is visible');
      return;
    }
    const at = nodes.indexOf(this.selected);
    const next = nodes[(at + by + nodes.length) % nodes.length] ?? -1;
    this.selectNode(next);
    context.actions.announce(`Match ${String(nodes.indexOf(next) + 1)} of ${String(nodes.length)} visible`);
  }

  private search(): void {
    const { model } = this.context;
    if (!model.hasProfile) return;
    const query = parseQuery(model.state.search);
    this.clear.disabled = query.kind === 'none';
    if (query.kind !== 'match') {
      this.setFound(undefined);
      const all = `${plural(model.data.functionCount, 'function')} in ${plural(model.tree.length - 1, 'frame')}`;
      setText(this.status, query.kind === 'invalid' ? query.reason : all);
      return;
    }
    const { mask, functions } = model.data.matching(query);
    const { frames, weight } = weighMatches(model.tree, mask);
    this.setFound(mask);
    setText(
      this.status,
      functions === 0
        ? 'No function found'
        : `${plural(functions, 'function')} in ${plural(frames, 'frame')}, ${percent(model.share(weight))} of all samples`,
    );
  }

  private setFound(found: Uint8Array | undefined): void {
    this.found = found;
    this.graph.setFound(found);
    this.callersGraph.setFound(found);
  }

  private drawPath(): void {
    const { model } = this.context;
    const { tree } = this.frames as ShownFrames;
    const layout = this.graph.shownLayout;
    const node = layout === undefined ? 0 : zoomedNode(layout, tree);
    const path = pathTo(tree, node);
    // Most steps of a zoom stay in the same frame.
    if (node !== this.pathNode || tree !== this.pathTree) {
      drawBreadcrumb(
        this.path,
        [0, ...path],
        (n) => nodeName(model, tree, n),
        (n) => {
          this.zoom(n);
          this.graph.focus();
        },
      );
    }
    this.pathNode = node;
    this.pathTree = tree;
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
    const { model } = this.context;
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
      case '?':
        this.help();
        return true;
      case 'n':
      case 'N':
        this.nextMatch(event.shiftKey ? -1 : 1);
        return true;
      case 'm':
      case 'F10':
      case 'ContextMenu': {
        const box = this.graph.element.getBoundingClientRect();
        this.openMenu(current, box.left + 40, box.top + 40);
        return true;
      }
      case 'i':
        model.update({ orientation: model.state.orientation === 'flame' ? 'icicle' : 'flame' });
        return true;
      case 'l':
        model.update({ fullNames: !model.state.fullNames });
        return true;
      case 'u':
        model.clearFilters();
        return true;
      case '1':
      case '2':
      case '3':
      case '4':
        model.update({ view: viewKinds[Number(event.key) - 1]?.value ?? 'aggregated' });
        return true;
      default: {
        const item = this.menuItems(current, frames).find(({ key }) => key === event.key);
        if (item === undefined || item.disabled) return false;
        item.act();
        return true;
      }
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
