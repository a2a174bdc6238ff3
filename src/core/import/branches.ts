/** What is left to do, the most first: a binary heap. */
export class Branches<T> {
  private readonly heap: { readonly item: T; readonly cost: number }[] = [];

  add(item: T, cost: number): void {
    const { heap } = this;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (!above || above.cost >= cost) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = { item, cost };
  }

  /** The costliest of all, which is removed. */
  take(): T | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first?.item;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const child = (heap[left + 1]?.cost ?? -1) > (heap[left]?.cost ?? -1) ? left + 1 : left;
      const below = heap[child];
      if (!below || below.cost <= last.cost) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
    return first.item;
  }
}
