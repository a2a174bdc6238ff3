/** Panel profiles for tests, made from folded stacks. */
import type { PanelProfile } from '../../../src/protocol.js';

export interface Folded {
  readonly stack: readonly string[];
  readonly weight: number;
}

interface Node {
  readonly func: number;
  readonly children: Map<number, Node>;
  self: number;
  total: number;
}

export const categories = ['Address Lookup', 'Pool', 'Other'];

/** Functions get their category from the length of the name, so that any stack has a mix of them. */
export function panelProfile(folded: readonly Folded[], overrides: Partial<PanelProfile> = {}): PanelProfile {
  const names: string[] = [];
  const self: number[] = [];
  const total: number[] = [];
  const top: Node = { func: -1, children: new Map(), self: 0, total: 0 };
  for (const { stack, weight } of folded) {
    let node = top;
    top.total += weight;
    const seen = new Set<number>();
    for (const name of stack) {
      let func = names.indexOf(name);
      if (func === -1) {
        func = names.push(name) - 1;
        self.push(0);
        total.push(0);
      }
      if (!seen.has(func)) total[func] = (total[func] ?? 0) + weight;
      seen.add(func);
      let child = node.children.get(func);
      if (child === undefined)
        node.children.set(func, (child = { func, children: new Map(), self: 0, total: 0 }));
      child.total += weight;
      node = child;
    }
    node.self += weight;
    if (node.func >= 0) self[node.func] = (self[node.func] ?? 0) + weight;
  }

  const nodes: { node: Node; parent: number }[] = [];
  const heaviestFirst = (node: Node): Node[] => [...node.children.values()].sort((a, b) => b.total - a.total);
  for (const node of heaviestFirst(top)) nodes.push({ node, parent: -1 });
  for (let i = 0; i < nodes.length; i++) {
    const entry = nodes[i];
    if (entry !== undefined) nodes.push(...heaviestFirst(entry.node).map((node) => ({ node, parent: i })));
  }
  const strings = [...names, 'app', '/src/app.c'];
  const category = names.map((name) => name.length % categories.length);
  return {
    runId: 'run',
    preset: 'PRESET',
    createdAt: '2026-11-22T10:00:00Z',
    event: 'cpu-clock:u',
    sampleCount: top.total,
    totalWeight: top.total,
    strings,
    functions: {
      length: names.length,
      name: Int32Array.from(names, (_, i) => i),
      module: new Int32Array(names.length).fill(names.length),
      file: new Int32Array(names.length).fill(names.length + 1),
      line: Int32Array.from(names, (_, i) => i + 1),
      category: Int32Array.from(category),
      self: Float64Array.from(self),
      total: Float64Array.from(total),
    },
    tree: {
      length: nodes.length,
      parent: Int32Array.from(nodes, ({ parent }) => parent),
      func: Int32Array.from(nodes, ({ node }) => node.func),
      inlined: new Uint8Array(nodes.length),
      self: Float64Array.from(nodes, ({ node }) => node.self),
      total: Float64Array.from(nodes, ({ node }) => node.total),
      file: new Int32Array(nodes.length).fill(names.length + 1),
      line: new Int32Array(nodes.length).fill(7),
    },
    categories: categories.map((name, index) => ({
      name,
      self: self.reduce((sum, weight, func) => sum + (category[func] === index ? weight : 0), 0),
    })),
    results: [],
    stat: null,
    notes: [],
    ...overrides,
  };
}

/** `main;f;g 3` as in flame graph tools. */
export function fold(...lines: readonly string[]): Folded[] {
  return lines.map((line) => {
    const at = line.lastIndexOf(' ');
    return { stack: line.slice(0, at).split(';'), weight: Number(line.slice(at + 1)) };
  });
}
