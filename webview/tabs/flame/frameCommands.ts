/** Commands of keys and menus on the selected frame. */
import { TimeOrder } from '../../../src/views/timeOrder.js';
import { openMenu, type MenuItem } from '../../ui/menu.js';
import type { TabContext } from '../tab.js';
import { nodeName } from '../../graph/describe.js';
import type { FlameGraph } from '../../graph/flameGraph.js';
import { frameMenu } from './frameMenu.js';
import type { ShownFrames } from './frames.js';
import { openHelp } from '../frames/help.js';
import { visibleMatches } from './selection.js';
import { helpTexts, matchOf, texts } from './texts.js';
import { viewKey } from './viewKeys.js';
import { widerThan } from './zoomPath.js';

/** The part of the view that its commands need. */
export interface CommandTarget {
  readonly frames: ShownFrames | undefined;
  readonly graph: FlameGraph;
  /** -1 for none. */
  readonly selected: number;
  /** The frame that fills the width. */
  readonly zoomed: number;
  /** 1 for the functions that a search found. */
  readonly found: Uint8Array | undefined;
  zoom(node: number): void;
  step(by: -1 | 1): void;
  selectNode(node: number): void;
  focusSearch(): void;
}

export class FrameCommands {
  constructor(
    private readonly context: TabContext,
    private readonly view: CommandTarget,
  ) {}

  openSource(node: number): void {
    const { frames } = this.view;
    if (frames === undefined || node < 0) return;
    const func = frames.tree.func(node);
    if (func >= 0) this.context.actions.openSource(func, frames.placeOf(node));
  }

  openMenu(node: number, x: number, y: number, frames = this.view.frames, graph = this.view.graph): void {
    if (frames === undefined) return;
    const items = this.menuItems(node, frames);
    openMenu(nodeName(this.context.model, frames.tree, node), items, x, y, () => {
      graph.focus();
    });
  }

  help(): void {
    openHelp(helpTexts.title, helpTexts.keys, () => {
      this.view.graph.focus();
    });
  }

  /** Filters by the time of the visible part of the time order. */
  filterToRange(): void {
    const tree = this.view.frames?.tree;
    if (!(tree instanceof TimeOrder)) return;
    const { from, to } = this.view.graph.range;
    this.context.model.remember({ zoom: { path: [], from: 0, to: 1 } });
    this.context.model.filter({ time: tree.timesOf(from, to) });
  }

  nextMatch(by: 1 | -1): void {
    const { found, frames, graph, selected } = this.view;
    const { announce } = this.context.actions;
    const layout = graph.shownLayout;
    if (found === undefined || layout === undefined || frames === undefined) return;
    const nodes = visibleMatches(frames.tree, layout.node, found);
    if (nodes.length === 0) {
      announce(texts.noVisibleMatch);
      return;
    }
    const at = nodes.indexOf(selected);
    const next = nodes[(at + by + nodes.length) % nodes.length] ?? -1;
    this.view.selectNode(next);
    announce(matchOf(nodes.indexOf(next) + 1, nodes.length));
  }

  /** @returns whether the key was handled */
  key(event: KeyboardEvent): boolean {
    const { view } = this;
    const { frames } = view;
    if (frames === undefined) return false;
    const { model, actions } = this.context;
    const current = view.selected >= 0 ? view.selected : 0;
    return viewKey(event, model, {
      step: (by) => {
        view.step(by);
      },
      zoomIn: () => {
        view.zoom(current);
      },
      zoomOut: () => {
        const node = view.zoomed;
        view.zoom(node === 0 ? 0 : widerThan(frames.tree, node, view.graph.range));
      },
      home: () => {
        view.selectNode(0);
        view.zoom(0);
      },
      openSource: () => {
        this.openSource(current);
      },
      search: () => {
        view.focusSearch();
      },
      help: () => {
        this.help();
      },
      match: (by) => {
        this.nextMatch(by);
      },
      menu: () => {
        const box = view.graph.element.getBoundingClientRect();
        this.openMenu(current, box.left + 40, box.top + 40);
      },
      items: () => this.menuItems(current, frames),
      announce: (text) => {
        actions.announce(text);
      },
    });
  }

  private menuItems(node: number, frames: ShownFrames): MenuItem[] {
    return frameMenu(this.context, frames, node, () => {
      if (frames === this.view.frames) this.view.zoom(node);
    });
  }
}
