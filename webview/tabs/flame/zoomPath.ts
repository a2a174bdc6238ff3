/** The state of the zoom: the path to the zoomed frame, back and forward, and what survives a reload. */
import { followPath, pathTo, type FrameTree } from '../../../src/views/frameTree.js';
import { el } from '../../ui/dom.js';
import type { PanelModel } from '../../store/panelModel.js';
import { drawBreadcrumb } from './breadcrumb.js';
import { nodeName } from '../../graph/describe.js';
import { History } from './history.js';
import { texts } from './texts.js';
import { zoomedNode, type FlameLayout, type Range } from '../../graph/layout.js';

export class ZoomPath {
  readonly element: HTMLElement;
  private readonly path = el('ol', { class: 'breadcrumb', 'aria-label': texts.zoomPath });
  private readonly history = new History<Range>();
  private node = -1;
  private tree: FrameTree | undefined;

  /** @param zoom zooms to a node */
  constructor(
    private readonly model: PanelModel,
    private readonly zoom: (node: number) => void,
  ) {
    this.element = el('nav', { class: 'path', 'aria-label': texts.zoomPath }, this.path);
  }

  /** Another tree is shown: ranges of the previous one are invalid. */
  restart(range: Range): void {
    this.history.clear();
    this.history.push(range);
  }

  keep(range: Range): void {
    this.history.push(range);
  }

  /** @returns undefined at either end */
  step(by: -1 | 1): Range | undefined {
    return this.history.step(by);
  }

  draw(tree: FrameTree, layout: FlameLayout | undefined, range: Range): void {
    const { model } = this;
    const whole = tree.total(0) || 1;
    // Without a zoom, a frame may fill the width as well: under other filters it wouldn't.
    const isWhole = range.to - range.from >= whole * (1 - 1e-9);
    const node = layout === undefined || isWhole ? 0 : zoomedNode(layout, tree);
    const path = pathTo(tree, node);
    // Most zoom steps stay in the same frame.
    if (node !== this.node || tree !== this.tree)
      drawBreadcrumb(this.path, [0, ...path], (n) => nodeName(model, tree, n), this.zoom);
    // The root alone says nothing.
    this.element.classList.toggle('whole', node === 0);
    this.node = node;
    this.tree = tree;
    const names = path.map((n) => model.stepName(tree.func(n)));
    if (layout !== undefined)
      model.remember({ zoom: { path: names, from: range.from / whole, to: range.to / whole } });
  }
}

/** The saved zoom as a range of this tree: exact if the frame is still in the same place. */
export function restoredRange(model: PanelModel, tree: FrameTree, sameRun: boolean): Range {
  const { zoom } = model.state;
  const whole = tree.total(0);
  const node = followPath(tree, zoom.path, (func) => model.stepName(func));
  const path = { from: tree.start(node), to: tree.start(node) + tree.total(node) };
  const range = { from: zoom.from * whole, to: zoom.to * whole };
  // The exact range if it still lies in the named frame; in another profile that frame is elsewhere.
  const slack = whole * 1e-9;
  const inside = range.from >= path.from - slack && range.to <= path.to + slack;
  return sameRun && inside ? range : path.to > path.from ? path : { from: 0, to: whole };
}

/** The closest caller that is wider: the caller of an only child would look the same. */
export function widerThan(tree: FrameTree, node: number, { from, to }: Range): number {
  let up = node;
  while (up > 0 && tree.total(up) <= (to - from) * (1 + 1e-9)) up = tree.parent(up);
  return up;
}
