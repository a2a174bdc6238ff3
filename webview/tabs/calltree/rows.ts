/** The rows of the call tree: which nodes are open, and which of their children a search leaves. Pure. */
import { pathTo, type FrameTree } from '../../../src/views/frameTree.js';
import { childrenOf, type Nodes } from './nodes.js';

/** Rows that one command opens at most: more are not read, and a bottom-up tree may have no end. */
export const mostOpened = 10_000;
/** Rows that are read to find one of a function, heaviest first. */
const mostVisited = 2_000;
/** Of a row's own weight, what its heaviest child has at least for the path to go on there. */
const heavy = 0.5;

export class TreeRows {
  /** The nodes of the visible rows, from the top. */
  nodes: readonly number[] = [];
  private readonly opened = new Set<number>();
  private readonly known = new Map<number, readonly number[]>();

  constructor(private readonly source: Nodes) {
    const [only, second] = this.children(0);
    // Where all begins in one function, that is open.
    if (only !== undefined && second === undefined) this.opened.add(only);
    if (source.found) this.grow(0, (node) => this.children(node).some((child) => source.found?.leads(child)));
    this.list();
  }

  get tree(): FrameTree {
    return this.source.tree;
  }

  self(node: number): number {
    return this.source.self(node);
  }

  hit(node: number): boolean {
    return this.source.found?.hit(node) === true;
  }

  isOpen(node: number): boolean {
    return this.opened.has(node);
  }

  canOpen(node: number): boolean {
    return this.children(node).length > 0;
  }

  /** Of a search, rows that lead to a hit, and all below a hit. */
  children(node: number): readonly number[] {
    let children = this.known.get(node);
    if (children === undefined) {
      const { tree, found } = this.source;
      children = childrenOf(tree, node);
      if (found && !pathTo(tree, node).some((step) => found.hit(step)))
        children = children.filter((child) => found.leads(child));
      this.known.set(node, children);
    }
    return children;
  }

  open(node: number): void {
    if (!this.canOpen(node)) return;
    this.opened.add(node);
    this.list();
  }

  close(node: number): void {
    this.opened.delete(node);
    this.list();
  }

  /** Level by level, so that a bound cuts off what is deepest. @returns whether all of it is open */
  openBelow(node: number): boolean {
    const whole = this.grow(node, () => true);
    this.list();
    return whole;
  }

  /** Down to where the cost is its own, or is divided among many. @returns the last row of the path */
  openHeavyPath(from: number): number {
    const { tree } = this;
    let node = from;
    for (let [first] = this.children(node); first !== undefined; [first] = this.children(node)) {
      this.opened.add(node);
      const goesOn = tree.total(first) >= heavy * tree.total(node);
      node = first;
      if (!goesOn) break;
    }
    this.list();
    return node;
  }

  /** Opens all rows above a node. @returns whether it has a row then */
  reveal(node: number): boolean {
    const above = pathTo(this.tree, node).slice(0, -1);
    for (const step of above) this.opened.add(step);
    this.list();
    return this.nodes.includes(node);
  }

  /**
   * Opens what is open in rows of another tree with the same functions. The path to a node there is found again where
   * functions came between its own (a focus or a merge ended), or are missing from it (one began).
   * @param above functions that the other tree's paths began below, where it was restricted to a place
   * @returns the node there, or what is left of its path, as one here; or -1
   */
  openAs(other: TreeRows, node: number, above: readonly number[] = []): number {
    /** From nodes there to nodes here. */
    const same = new Map([[0, 0]]);
    const path = new Set(pathTo(other.tree, node));
    for (const there of other.nodes) {
      const parent = same.get(other.tree.parent(there));
      if (parent === undefined) continue;
      const func = other.tree.func(there);
      const onPath = path.has(there);
      let here = this.child(parent, func);
      if (parent === 0 && above.length > 0) {
        const place = above.reduce<number | undefined>(
          (at, step) => (at === undefined ? undefined : this.child(at, step)),
          0,
        );
        here = (place === undefined ? undefined : this.child(place, func)) ?? here;
      }
      if (here === undefined && onPath) here = this.heaviestBelow(parent, func) ?? parent;
      if (here === undefined) continue;
      same.set(there, here);
      if (onPath) for (const step of pathTo(this.tree, here).slice(0, -1)) this.opened.add(step);
      if (other.isOpen(there) && here !== parent) this.opened.add(here);
    }
    this.list();
    let at = node;
    while (at > 0 && !same.has(at)) at = other.tree.parent(at);
    return (at > 0 && same.get(at)) || -1;
  }

  private child(node: number, func: number): number | undefined {
    return this.children(node).find((child) => this.tree.func(child) === func);
  }

  /** The heaviest row of a function below another row. A child is never heavier than its parent, so the first that is met. */
  private heaviestBelow(from: number, func: number): number | undefined {
    const waiting = [...this.children(from)];
    for (let visited = 0; waiting.length > 0 && visited < mostVisited; visited++) {
      let at = 0;
      for (let i = 1; i < waiting.length; i++)
        if (this.tree.total(waiting[i] as number) > this.tree.total(waiting[at] as number)) at = i;
      const [node] = waiting.splice(at, 1) as [number];
      if (this.tree.func(node) === func) return node;
      waiting.push(...this.children(node));
    }
    return undefined;
  }

  /** @returns whether the bound was enough */
  private grow(from: number, wanted: (node: number) => boolean): boolean {
    const queue = [from];
    for (const node of queue) {
      if (!wanted(node)) continue;
      const children = this.children(node);
      if (children.length === 0) continue;
      if (queue.length + children.length > mostOpened) return false;
      this.opened.add(node);
      for (const child of children) queue.push(child);
    }
    return true;
  }

  private list(): void {
    const nodes: number[] = [];
    const next: number[] = [];
    const add = (children: readonly number[]): void => {
      for (let i = children.length - 1; i >= 0; i--) next.push(children[i] as number);
    };
    add(this.children(0));
    for (let node = next.pop(); node !== undefined; node = next.pop()) {
      nodes.push(node);
      if (this.opened.has(node)) add(this.children(node));
    }
    this.nodes = nodes;
  }
}
