/** The Flame graph tab: search and controls, the zoom path, the graph, and the selected frame below. */
import { pathTo } from '../../../src/views/frameTree.js';
import { lookForTimes, timeIsKnown, TimeParts } from '../../timeline/timeParts.js';
import { el } from '../../ui/dom.js';
import type { Change } from '../../store/panelModel.js';
import { exactQuery } from '../../store/search.js';
import { keepScroll } from '../../store/kept.js';
import type { TabContext, TabView } from '../tab.js';
import type { Theme } from '../../ui/theme.js';
import { chipList, drawChips, shownInWords } from '../frames/chips.js';
import { SearchBar } from '../frames/searchBar.js';
import { CallersGraph } from './callersGraph.js';
import { frameColors, type FrameColors } from '../../graph/colors.js';
import { FlameControls } from './controls.js';
import { nodeName } from '../../graph/describe.js';
import { FrameDetails } from './details.js';
import { FrameCommands, type CommandTarget } from './frameCommands.js';
import { FlameGraph } from '../../graph/flameGraph.js';
import { framesOf, type ShownFrames } from './frames.js';
import { zoomedNode } from '../../graph/layout.js';
import { Legend, visibleSlots } from './legend.js';
import { frameOfSelection } from './selection.js';
import { texts, zoomedTo } from './texts.js';
import { restoredRange, ZoomPath } from './zoomPath.js';

/** The legend follows after a pause in the movement, which it must not slow down. In milliseconds. */
const legendDelay = 150;

export class FlameView implements TabView, CommandTarget {
  readonly element: HTMLElement;
  private readonly searchBar: SearchBar;
  private readonly legend = new Legend();
  private readonly chips = chipList();
  private readonly path: ZoomPath;
  private readonly time: TimeParts;
  private readonly details: FrameDetails;
  private readonly controls: FlameControls;
  readonly graph: FlameGraph;
  private readonly callersGraph: CallersGraph;
  frames: ShownFrames | undefined;
  private callers: ShownFrames | undefined;
  private theme: Theme | undefined;
  private colors: FrameColors | undefined;
  private legendTimer = 0;
  private kind = '';
  /** True while this view itself selects a frame. */
  private inside = false;
  found: Uint8Array | undefined;
  selected = -1;
  private readonly commands: FrameCommands;

  constructor(private readonly context: TabContext) {
    const { model } = context;
    this.commands = new FrameCommands(context, this);
    this.details = new FrameDetails(model, () => {
      this.commands.openSource(this.selected);
    });
    this.graph = this.makeGraph();
    this.callersGraph = new CallersGraph(context, (node, x, y, frames) => {
      this.commands.openMenu(node, x, y, frames, this.callersGraph.graph);
    });
    this.time = new TimeParts(model, (text) => {
      context.actions.announce(text);
    });
    this.path = new ZoomPath(model, (node) => {
      this.zoom(node);
      this.graph.focus();
    });
    this.searchBar = new SearchBar(model, {
      text: () => model.state.search,
      keep: (search) => {
        model.remember({ search });
      },
      found: (mask) => {
        this.found = mask;
        this.graph.setFound(mask);
        this.callersGraph.graph.setFound(mask);
      },
      match: (by) => {
        this.commands.nextMatch(by);
      },
      leave: () => {
        this.graph.focus();
      },
    });
    this.controls = new FlameControls(model, {
      filterToRange: () => {
        this.commands.filterToRange();
      },
      help: () => {
        this.commands.help();
      },
      step: (by) => {
        this.step(by);
      },
    });
    this.element = el(
      'section',
      { class: 'flame', 'aria-label': texts.title },
      el('div', { class: 'flame-tools' }, this.searchBar.element, this.controls.element),
      this.chips,
      this.time.timeline.element,
      el('div', { class: 'above-frames' }, this.path.element, this.legend.element),
      this.time.axis.element,
      this.graph.element,
      this.callersGraph.graph.element,
      this.callersGraph.graph.tooltip,
      this.details.element,
      this.graph.tooltip,
    );
  }

  render(theme: Theme, changed: ReadonlySet<Change>): void {
    const { model } = this.context;
    const kind = `${model.state.view} ${String(model.state.separateThreads)}`;
    const another =
      kind !== this.kind || (model.state.view === 'sandwich' && changed.has('selection') && !this.inside);
    const fresh = changed.has('profile') || changed.has('shown') || this.frames === undefined || another;
    if (fresh) this.build(kind);
    const { frames } = this;
    if (frames === undefined) return;
    if (fresh || theme !== this.theme || changed.has('state')) this.draw(frames, theme, changed, fresh);
    if (fresh) {
      this.path.restart(this.graph.range);
      drawChips(this.chips, model, () => {
        this.graph.focus();
      });
      if (changed.has('shown') && !changed.has('profile')) this.context.actions.announce(shownInWords(model));
      this.searchBar.update();
      this.drawPath();
    }
    if (fresh || changed.has('selection')) this.showSelection(frames, changed);
    if (changed.has('selection')) this.time.followSelection();
    if (fresh) this.warmSoon(frames);
  }

  focusSearch(): void {
    this.searchBar.focus();
  }

  /** Finds every frame of the function, zoomed out to all. */
  showFunction(func: number): void {
    this.searchBar.set(exactQuery(this.context.model.data.rawName(func)));
    if (this.frames !== undefined) this.zoom(0);
  }

  /** Zooms to the selection's caller if the selected frame is too narrow to be visible. */
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
          this.showLegendSoon();
        },
        zoomed: (node) => {
          this.zoom(node);
        },
        selected: (node) => {
          this.selectNode(node);
        },
        openSource: (node) => {
          this.commands.openSource(node);
        },
        menu: (node, x, y) => {
          this.commands.openMenu(node, x, y);
        },
        key: (event) => this.commands.key(event),
      },
      (node) => this.frames?.placeOf(node),
    );
  }

  private build(kind: string): void {
    const { model } = this.context;
    const { main, callers } = framesOf(model);
    // A path of one view means nothing in another; the first one is the saved path.
    if (this.frames !== undefined && kind !== this.kind)
      model.remember({ zoom: { path: [], from: 0, to: 1 } });
    this.selected = -1;
    this.frames = main;
    this.callers = callers;
    this.kind = kind;
  }

  private draw({ tree }: ShownFrames, theme: Theme, changed: ReadonlySet<Change>, fresh: boolean): void {
    const { model } = this.context;
    const colors = (this.colors = frameColors(model, theme));
    const sameRun = !changed.has('profile') || this.theme === undefined;
    const range = fresh ? restoredRange(model, tree, sameRun) : this.graph.range;
    this.time.update(tree, theme, colors, changed.has('profile'));
    this.theme = theme;
    // Before the graph, which gets the height that the callers leave.
    this.callersGraph.show(model, this.callers, theme, colors, fresh);
    const restoreScroll = fresh && changed.has('profile');
    this.graph.show(
      model,
      tree,
      theme,
      colors,
      range,
      restoreScroll ? model.state.scroll['flame'] : undefined,
    );
    this.showLegend();
    this.controls.update();
  }

  private showLegendSoon(): void {
    window.clearTimeout(this.legendTimer);
    this.legendTimer = window.setTimeout(() => {
      this.showLegend();
    }, legendDelay);
  }

  private showLegend(): void {
    const layout = this.graph.shownLayout;
    if (layout === undefined || this.frames === undefined || this.colors === undefined) return;
    this.legend.show(visibleSlots(layout, this.frames.tree, this.colors), this.colors);
  }

  /** After the first frame is visible, and before the first hover needs it. */
  private warmSoon(frames: ShownFrames): void {
    requestIdleCallback(() => {
      if (frames !== this.frames || !this.context.model.data.hasSamples) return;
      frames.warm();
      void this.context.model.shown.costs;
      lookForTimes(this.context.model);
      if (!timeIsKnown(this.context.model)) this.controls.update();
    });
  }

  zoom(node: number): void {
    const { tree } = this.frames as ShownFrames;
    const from = tree.start(node);
    const range = { from, to: from + tree.total(node) };
    if (range.from === this.graph.range.from && range.to === this.graph.range.to) return;
    this.graph.setRange(range, node);
    this.path.keep(range);
    this.drawPath();
    this.tellZoom();
  }

  step(by: -1 | 1): void {
    const range = this.path.step(by);
    if (range === undefined) {
      this.context.actions.announce(by < 0 ? texts.noBack : texts.noForward);
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
    this.context.actions.announce(node === 0 ? texts.zoomedOut : zoomedTo(name));
  }

  /** The frame that fills the width. */
  get zoomed(): number {
    const layout = this.graph.shownLayout;
    return layout === undefined || this.frames === undefined ? 0 : zoomedNode(layout, this.frames.tree);
  }

  private drawPath(): void {
    if (this.frames !== undefined) this.path.draw(this.frames.tree, this.graph.shownLayout, this.graph.range);
  }

  selectNode(node: number): void {
    const { tree } = this.frames as ShownFrames;
    const { model, actions } = this.context;
    this.selected = node;
    const names = pathTo(tree, node).map((n) => model.stepName(tree.func(n)));
    this.inside = true;
    actions.selectFunction(Math.max(-1, tree.func(node)), names);
    this.inside = false;
  }

  private showSelection({ tree, placeOf }: ShownFrames, changed: ReadonlySet<Change>): void {
    const { model } = this.context;
    const { selected } = this;
    const other = selected < 0 || tree.func(selected) !== model.selectedFunction;
    if (other || changed.has('shown') || changed.has('profile'))
      this.selected = frameOfSelection(model, tree);
    // A restored view keeps its scroll position.
    this.graph.select(this.selected, !(changed.has('profile') && model.state.scroll['flame'] !== undefined));
    this.details.show(model, tree, this.selected, this.selected < 0 ? undefined : placeOf(this.selected));
  }
}
