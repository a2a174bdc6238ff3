/** The zoom as it is kept and told: the path to the zoomed frame, back and forward, and what outlives a reload. */
import { followPath, pathTo, type FrameTree } from '../../../src/views/frameTree.js';
import { el } from '../../ui/dom.js';
import type { PanelModel } from '../../store/panelModel.js';
import { drawBreadcrumb } from './breadcrumb.js';
import { nodeName } from '../../graph/describe.js';
import { History } from './history.js';
import { zoomedNode, type FlameLayout, type Range } from '../../graph/layout.js';

export class ZoomPath {
  readonly element: HTMLElement;
  private readonly path = el('ol', { class: 'breadcrumb', 'aria-label': 'Zoomed path' });
  private readonly history = new History<Range>();
  private node = -1;
  private tree: FrameTree | undefined;

  /** @param zoom to the node of a step */
  constructor(
    private readonly model: PanelModel,
    private readonly zoom: (node: number) => void,
  ) {
    this.element = el('nav', { class: 'path', 'aria-label': 'Zoomed path' }, this.path);
  }

  /** Another tree is shown: ranges of the one before mean nothing in it. */
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
    const node = layout === undefined ? 0 : zoomedNode(layout, tree);
    const path = pathTo(tree, node);
    // Most steps of a zoom stay in the same frame.
    if (node !== this.node || tree !== this.tree)
      drawBreadcrumb(this.path, [0, ...path], (n) => nodeName(model, tree, n), this.zoom);
    this.node = node;
    this.tree = tree;
    const whole = tree.total(0) || 1;
    const names = path.map((n) => model.stepName(tree.func(n)));
    if (layout !== undefined)
      model.remember({ zoom: { path: names, from: range.from / whole, to: range.to / whole } });
  }
}

/** What is kept of the zoom, as a range of this tree: the exact one where the frame is where it was. */
export function restoredRange(model: PanelModel, tree: FrameTree, sameRun: boolean): Range {
  const { zoom } = model.state;
  const whole = tree.total(0);
  const node = followPath(tree, zoom.path, (func) => model.stepName(func));
  const path = { from: tree.start(node), to: tree.start(node) + tree.total(node) };
  const range = { from: zoom.from * whole, to: zoom.to * whole };
  // The exact part where it still lies in the named frame; another profile has that frame elsewhere.
  const slack = whole * 1e-9;
  const inside = range.from >= path.from - slack && range.to <= path.to + slack;
  return sameRun && inside ? range : path.to > path.from ? path : { from: 0, to: whole };
}

/** The nearest caller that is wider: an only child's caller would look the same. */
export function widerThan(tree: FrameTree, node: number, { from, to }: Range): number {
  let up = node;
  while (up > 0 && tree.total(up) <= (to - from) * (1 + 1e-9)) up = tree.parent(up);
  return up;
}
