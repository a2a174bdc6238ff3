/** The flame graph's tab: search and views above, path of the zoom, the graph, and the selected frame below. */
import { pathTo } from '../../src/core/profile/frameTree.js';
import { TimeOrder } from '../../src/core/profile/timeOrder.js';
import { TimeParts } from '../time/timeParts.js';
import { openMenu, type MenuItem } from '../menu.js';
import { el, swatch } from '../dom.js';
import type { Change } from '../model.js';
import { exactQuery } from './search.js';
import { keepScroll } from '../kept.js';
import type { TabContext, TabView } from '../tabs.js';
import type { Theme } from '../theme.js';
import { CallersGraph } from './callersGraph.js';
import { frameColours } from './colours.js';
import { FlameControls } from './controls.js';
import { nodeName } from './describe.js';
import { FrameDetails } from './details.js';
import { FlameGraph } from './flameGraph.js';
import { drawChips, filtersInWords } from './filters.js';
import { framesOf, type ShownFrames } from './frames.js';
import { frameMenu } from './frameMenu.js';
import { openHelp } from './help.js';
import { zoomedNode } from './layout.js';
import { SearchBar } from './searchBar.js';
import { frameOfSelection, visibleMatches } from './selection.js';
import { viewKey } from './viewKeys.js';
import { restoredRange, widerThan, ZoomPath } from './zoomPath.js';

export class FlameView implements TabView {
  readonly element: HTMLElement;
  private readonly searchBar: SearchBar;
  private readonly legend = el('ul', { class: 'legend', 'aria-label': 'Colours' });
  private readonly chips = el('ul', { class: 'chips', 'aria-label': 'Filters' });
  private readonly path: ZoomPath;
  private readonly time: TimeParts;
  private readonly details = new FrameDetails(() => {
    this.openSource(this.selected);
  });
  private readonly controls: FlameControls;
  private readonly graph: FlameGraph;
  private readonly callersGraph: CallersGraph;
  private frames: ShownFrames | undefined;
  private callers: ShownFrames | undefined;
  private theme: Theme | undefined;
  private kind = '';
  /** While a frame of this view is being selected. */
  private inside = false;
  private found: Uint8Array | undefined;
  private selected = -1;
  /** What has changed since the last rendering. */
  private stale = new Set<Change>(['profile']);

  constructor(private readonly context: TabContext) {
    const { model } = context;
    this.graph = this.makeGraph();
    this.callersGraph = new CallersGraph(context, (node, x, y, frames) => {
      this.openMenu(node, x, y, frames, this.callersGraph.graph);
    });
    this.time = new TimeParts(context);
    this.path = new ZoomPath(model, (node) => {
      this.zoom(node);
      this.graph.focus();
    });
    this.searchBar = new SearchBar(model, {
      found: (mask) => {
        this.found = mask;
        this.graph.setFound(mask);
        this.callersGraph.graph.setFound(mask);
      },
      match: (by) => {
        this.nextMatch(by);
      },
      leave: () => {
        this.graph.focus();
      },
    });
    this.controls = new FlameControls(model, {
      filterToRange: () => {
        this.filterToRange();
      },
      help: () => {
        this.help();
      },
      step: (by) => {
        this.step(by);
      },
    });
    this.element = el(
      'section',
      { class: 'flame', 'aria-label': 'Flame graph' },
      this.searchBar.element,
      this.controls.element,
      this.chips,
      this.time.timeline.element,
      this.legend,
      this.path.element,
      this.time.axis.element,
      this.graph.element,
      this.callersGraph.graph.element,
      this.callersGraph.graph.tooltip,
      this.details.element,
      this.graph.tooltip,
    );
    model.onChange((change) => this.stale.add(change));
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
    if (fresh || theme !== this.theme || stale.has('state')) this.draw(frames, theme, fresh);
    if (fresh) {
      this.path.restart(this.graph.range);
      drawChips(this.chips, model, () => {
        this.graph.focus();
      });
      if (stale.has('shown') && !stale.has('profile')) this.context.actions.announce(filtersInWords(model));
      this.searchBar.update();
      this.drawPath();
    }
    if (fresh || stale.has('selection')) this.showSelection(frames);
    this.stale = new Set();
    if (fresh) this.warmSoon(frames);
  }

  focusSearch(): void {
    this.searchBar.focus();
  }

  /** Every frame of the function found, and the whole seen. */
  showFunction(func: number): void {
    this.searchBar.set(exactQuery(this.context.model.data.rawName(func)));
    if (this.frames !== undefined) this.zoom(0);
  }

  /** Zooms to the selection's caller when the selected frame is too narrow to be seen. */
  revealSelection(): void {
    const { frames, selected } = this;
    if (frames === undefined || selected < 0 || this.graph.isVisible(selected)) return;
    this.zoom(0);
    if (!this.graph.isVisible(selected)) this.zoom(Math.max(0, frames.tree.parent(selected)));
  }

  private makeGraph(): FlameGraph {
    return new FlameGraph(
      {
        moved: (range, lasting) => {
          keepScroll(this.context.model, 'flame', this.graph.top);
          if (lasting) this.path.keep(range);
          this.drawPath();
        },
        laidOut: (range, width) => {
          this.time.laidOut(range, width);
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
  }

  private build(kind: string): void {
    const { model } = this.context;
    const { main, callers } = framesOf(model);
    // A path of one view means nothing in another; at first it is the remembered one.
    if (this.frames !== undefined && kind !== this.kind)
      model.remember({ zoom: { path: [], from: 0, to: 1 } });
    this.selected = -1;
    this.frames = main;
    this.callers = callers;
    this.kind = kind;
  }

  private draw({ tree }: ShownFrames, theme: Theme, fresh: boolean): void {
    const { model } = this.context;
    const colours = frameColours(model, theme);
    const sameRun = !this.stale.has('profile') || this.theme === undefined;
    const range = fresh ? restoredRange(model, tree, sameRun) : this.graph.range;
    this.time.update(tree, theme, colours, this.stale.has('profile'));
    this.theme = theme;
    // Before the graph, which has what height the callers leave.
    this.callersGraph.show(model, this.callers, theme, colours, fresh);
    const back = fresh && this.stale.has('profile');
    this.graph.show(model, tree, theme, colours, range, back ? model.state.scroll['flame'] : undefined);
    const count = model.profile.categories.length;
    this.legend.replaceChildren(
      ...colours.legend.map(({ name, slot }) => el('li', {}, swatch(slot, count), name)),
    );
    this.controls.update();
  }

  /** After the first frame is seen, and before the first pointing needs it. */
  private warmSoon(frames: ShownFrames): void {
    requestIdleCallback(() => {
      if (frames !== this.frames) return;
      frames.warm();
      void this.context.model.costs;
    });
  }

  private zoom(node: number): void {
    const { tree } = this.frames as ShownFrames;
    const from = tree.start(node);
    const range = { from, to: from + tree.total(node) };
    if (range.from === this.graph.range.from && range.to === this.graph.range.to) return;
    this.graph.setRange(range, node);
    this.path.keep(range);
    this.drawPath();
    this.tellZoom();
  }

  private step(by: -1 | 1): void {
    const range = this.path.step(by);
    if (range === undefined) {
      this.context.actions.announce(by < 0 ? 'Nothing to go back to' : 'Nothing to go forward to');
      return;
    }
    this.graph.setRange(range);
    this.drawPath();
    this.tellZoom();
  }

  private tellZoom(): void {
    const { tree } = this.frames as ShownFrames;
    const node = this.zoomed;
    const name = nodeName(this.context.model, tree, node);
    this.context.actions.announce(node === 0 ? 'The whole is seen' : `Zoomed to ${name}`);
  }

  /** The frame that fills the width. */
  private get zoomed(): number {
    const layout = this.graph.shownLayout;
    return layout === undefined || this.frames === undefined ? 0 : zoomedNode(layout, this.frames.tree);
  }

  private drawPath(): void {
    if (this.frames !== undefined) this.path.draw(this.frames.tree, this.graph.shownLayout, this.graph.range);
  }

  private selectNode(node: number): void {
    const { tree } = this.frames as ShownFrames;
    const { model, actions } = this.context;
    this.selected = node;
    const names = pathTo(tree, node).map((n) => model.stepName(tree.func(n)));
    this.inside = true;
    actions.selectFunction(Math.max(-1, tree.func(node)), names);
    this.inside = false;
  }

  private showSelection({ tree, placeOf }: ShownFrames): void {
    const { model } = this.context;
    const { stale, selected } = this;
    const other = selected < 0 || tree.func(selected) !== model.selectedFunction;
    if (other || stale.has('shown') || stale.has('profile')) this.selected = frameOfSelection(model, tree);
    // What comes back is seen where it was.
    this.graph.select(this.selected, !(stale.has('profile') && model.state.scroll['flame'] !== undefined));
    this.details.show(model, tree, this.selected, this.selected < 0 ? undefined : placeOf(this.selected));
  }

  private openSource(node: number): void {
    if (this.frames === undefined || node < 0) return;
    const func = this.frames.tree.func(node);
    if (func >= 0) this.context.actions.openSource(func, this.frames.placeOf(node));
  }

  private openMenu(node: number, x: number, y: number, frames = this.frames, graph = this.graph): void {
    if (frames === undefined) return;
    const items = this.menuItems(node, frames);
    openMenu(nodeName(this.context.model, frames.tree, node), items, x, y, () => {
      graph.focus();
    });
  }

  private menuItems(node: number, frames: ShownFrames): MenuItem[] {
    return frameMenu(this.context, frames, node, () => {
      if (frames === this.frames) this.zoom(node);
    });
  }

  private help(): void {
    openHelp(() => {
      this.graph.focus();
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
    const { found, frames } = this;
    const { announce } = this.context.actions;
    const layout = this.graph.shownLayout;
    if (found === undefined || layout === undefined || frames === undefined) return;
    const nodes = visibleMatches(frames.tree, layout.node, found);
    if (nodes.length === 0) {
      announce('No match is visible');
      return;
    }
    const at = nodes.indexOf(this.selected);
    const next = nodes[(at + by + nodes.length) % nodes.length] ?? -1;
    this.selectNode(next);
    announce(`Match ${String(nodes.indexOf(next) + 1)} of ${String(nodes.length)} visible`);
  }

  private key(event: KeyboardEvent): boolean {
    const { frames } = this;
    if (frames === undefined) return false;
    const { model, actions } = this.context;
    const current = this.selected >= 0 ? this.selected : 0;
    return viewKey(event, model, {
      step: (by) => {
        this.step(by);
      },
      zoomIn: () => {
        this.zoom(current);
      },
      zoomOut: () => {
        const node = this.zoomed;
        this.zoom(node === 0 ? 0 : widerThan(frames.tree, node, this.graph.range));
      },
      home: () => {
        this.selectNode(0);
        this.zoom(0);
      },
      openSource: () => {
        this.openSource(current);
      },
      search: () => {
        this.searchBar.focus();
      },
      help: () => {
        this.help();
      },
      match: (by) => {
        this.nextMatch(by);
      },
      menu: () => {
        const box = this.graph.element.getBoundingClientRect();
        this.openMenu(current, box.left + 40, box.top + 40);
      },
      items: () => this.menuItems(current, frames),
      announce: (text) => {
        actions.announce(text);
      },
    });
  }
}
