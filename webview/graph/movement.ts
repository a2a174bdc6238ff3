/** Turns pointer gestures and keys into changes of a graph's range, scroll position and selection. */
import type { FlameGraphEvents } from './graphEvents.js';
import type { GestureTarget } from './gestures.js';
import { graphCommand } from './graphKeys.js';
import { moveRange, rectangleAt, rectangleOf, zoomRange, type Range } from './layout.js';
import type { Drawn, Marks } from './marks.js';
import { neighbor } from './navigate.js';
import type { Viewport } from './viewport.js';

/** The part of the graph that movements need. */
interface MovedGraph {
  readonly drawn: Drawn | undefined;
  readonly range: Range;
  readonly selectedNode: number;
  setRange(range: Range): void;
  focus(): void;
}

export class Movement implements GestureTarget {
  /** Where a drag began. */
  private grabbed: { readonly range: Range; readonly top: number } = { range: { from: 0, to: 0 }, top: 0 };

  /** The node of the last click. */
  private pressed = -1;

  constructor(
    private readonly graph: MovedGraph,
    private readonly view: Viewport,
    private readonly marks: Marks,
    private readonly content: HTMLElement,
    private readonly events: FlameGraphEvents,
  ) {}

  zoomBy(factor: number, at: number): void {
    const tree = this.graph.drawn?.tree;
    if (tree === undefined || this.view.width === 0) return;
    // Zooming stops where a quarter of an average sample would fill the width.
    const samples = tree.totalSamples(0);
    const smallest = samples === 0 ? 0 : tree.total(0) / samples / 4;
    this.move(zoomRange(this.graph.range, tree.total(0), factor, at, smallest), true);
  }

  panBy(pixels: number, lasting: boolean): void {
    this.panFrom(this.graph.range, pixels, lasting);
  }

  scrollBy(pixels: number): void {
    this.view.scrollTo(this.view.top + pixels);
  }

  grab(): void {
    this.grabbed = { range: this.graph.range, top: this.view.top };
  }

  dragTo(dx: number, dy: number): void {
    if (dy !== 0) this.view.scrollTo(this.grabbed.top - dy);
    this.panFrom(this.grabbed.range, -dx, false);
  }

  dropped(): void {
    this.graph.focus();
    this.events.moved(this.graph.range, true);
  }

  hover(event: PointerEvent | null): void {
    const { drawn } = this.graph;
    if (event === null || drawn === undefined) this.marks.leave();
    else this.marks.hover(drawn, this.rectangleUnder(drawn, event), event);
  }

  clicked(event: MouseEvent): void {
    this.graph.focus();
    // The second click of a double-click: the first one may have moved another frame under the pointer.
    if (event.detail > 1) return;
    const entry = this.entryUnder(event);
    this.pressed = entry ?? -1;
    if (entry === undefined) return;
    // A strip stands for frames that need more room: zoom to their caller.
    const node = entry < 0 ? ~entry : entry;
    this.events.selected(node);
    this.events.zoomed(node);
  }

  doubleClicked(): void {
    if (this.pressed > 0) this.events.openSource(this.pressed);
  }

  menu(event: MouseEvent): void {
    const entry = this.entryUnder(event);
    if (entry === undefined) return;
    this.marks.leave();
    const node = entry < 0 ? ~entry : entry;
    this.events.selected(node);
    this.events.menu(node, event.clientX, event.clientY);
  }

  key(event: KeyboardEvent): boolean {
    const { drawn, selectedNode, range } = this.graph;
    if (drawn === undefined) return false;
    const modified = event.altKey || event.ctrlKey || event.metaKey;
    const command = modified ? undefined : graphCommand(event, this.view.flipped);
    switch (command?.kind) {
      case 'select':
        this.events.selected(
          selectedNode < 0 ? 0 : neighbor(drawn.tree, drawn.layout, selectedNode, command.direction),
        );
        return true;
      case 'zoom':
        this.zoomBy(command.factor, this.focusPoint(drawn, selectedNode));
        return true;
      case 'pan':
        this.panFrom(range, command.share * this.view.width, true);
        return true;
      case 'scroll':
        this.scrollBy(command.share * this.view.height);
        return true;
      case undefined:
        return this.events.key(event);
    }
  }

  /** Pans from a range, by pixels. */
  private panFrom(range: Range, pixels: number, lasting: boolean): void {
    const tree = this.graph.drawn?.tree;
    const { width } = this.view;
    if (tree === undefined || width === 0) return;
    this.move(moveRange(range, tree.total(0), (pixels * (range.to - range.from)) / width), lasting);
  }

  private move(range: Range, lasting: boolean): void {
    this.graph.setRange(range);
    this.events.moved(range, lasting);
  }

  /** Keys zoom around the selected frame if it is visible, else around the middle. */
  private focusPoint({ layout, tree }: Drawn, selected: number): number {
    const index = rectangleOf(layout, tree, selected);
    if (index < 0) return 0.5;
    return ((layout.x[index] ?? 0) + (layout.width[index] ?? 0) / 2) / this.view.width;
  }

  private entryUnder(event: MouseEvent): number | undefined {
    const { drawn } = this.graph;
    return drawn?.layout.node[this.rectangleUnder(drawn, event)];
  }

  private rectangleUnder({ layout }: Drawn, event: MouseEvent): number {
    const box = this.content.getBoundingClientRect();
    return rectangleAt(layout, this.view.rowAt(event.clientY - box.top), event.clientX - box.left);
  }
}
