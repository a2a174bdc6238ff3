import type { EventProfile } from '../model/profile.js';

/** Cost of the source lines of a profile. Lines are the entries; all columns are parallel. */
export interface LineTotals {
  readonly length: number;
  /** String index. */
  readonly file: readonly number[];
  /** 1-based. */
  readonly line: readonly number[];
  /** Of samples whose innermost frame is in the line. */
  readonly self: Float64Array;
  readonly selfSamples: Int32Array;
  /** Of samples with the line anywhere on the stack, each counted once: the line and what it calls. */
  readonly total: Float64Array;
  readonly totalSamples: Int32Array;
  /** A function that the line belongs to. */
  readonly func: readonly number[];
  /** Self weight by function; more than one in macros and headers. */
  readonly byFunction: readonly ReadonlyMap<number, number>[];
  /** Weight of all samples: 100%. */
  readonly all: number;
}

/** O(samples + stacks). */
export function lineTotals({ samples, stacks, frames }: EventProfile): LineTotals {
  const places = numberPlaces(frames);
  const { placeOf, file, line, func: funcs } = places;
  const length = file.length;
  const weight = new Float64Array(stacks.length);
  const count = new Int32Array(stacks.length);
  const self = new Float64Array(length);
  const selfSamples = new Int32Array(length);
  const byFunction = Array.from({ length }, () => new Map<number, number>());
  let all = 0;
  for (let i = 0; i < samples.length; i++) {
    const [stack, cost] = [samples.stack[i] as number, samples.weight[i] as number];
    all += cost;
    if (stack < 0) continue;
    weight[stack] = (weight[stack] as number) + cost;
    count[stack] = (count[stack] as number) + 1;
  }
  for (let s = 0; s < stacks.length; s++) {
    if (count[s] === 0) continue;
    const frame = stacks.frame[s] as number;
    const place = placeOf[frame] as number;
    if (place < 0) continue;
    self[place] = (self[place] as number) + (weight[s] as number);
    selfSamples[place] = (selfSamples[place] as number) + (count[s] as number);
    const names = byFunction[place] as Map<number, number>;
    const func = frames.func[frame] as number;
    names.set(func, (names.get(func) ?? 0) + (weight[s] as number));
  }
  const { total, totalSamples } = totals(stacks, placeOf, length, weight, count);
  return { length, file, line, func: funcs, self, selfSamples, total, totalSamples, byFunction, all };
}

/** Frames with the same file and line are one place; -1 where that isn't known. */
function numberPlaces(frames: EventProfile['frames']): {
  placeOf: Int32Array;
  file: number[];
  line: number[];
  func: number[];
} {
  const known = new Map<string, number>();
  const [file, line, func]: [number[], number[], number[]] = [[], [], []];
  const placeOf = new Int32Array(frames.length).fill(-1);
  for (let f = 0; f < frames.length; f++) {
    const [inFile, atLine] = [frames.file[f] as number, frames.line[f] as number];
    if (inFile < 0 || atLine === 0) continue;
    const key = `${inFile}:${atLine}`;
    let place = known.get(key);
    if (place === undefined) {
      known.set(key, (place = file.length));
      file.push(inFile);
      line.push(atLine);
      func.push(frames.func[f] as number);
    }
    placeOf[f] = place;
  }
  return { placeOf, file, line, func };
}

/** @param weight by stack, and the number of samples in it; both become those of the stack and all below it */
function totals(
  stacks: EventProfile['stacks'],
  placeOf: Int32Array,
  length: number,
  weight: Float64Array,
  count: Int32Array,
): { total: Float64Array; totalSamples: Int32Array } {
  const firstChild = new Int32Array(stacks.length).fill(-1);
  const sibling = new Int32Array(stacks.length).fill(-1);
  const roots: number[] = [];
  for (let s = stacks.length - 1; s >= 0; s--) {
    const parent = stacks.parent[s] as number;
    if (parent < 0) {
      roots.push(s);
      continue;
    }
    weight[parent] = (weight[parent] as number) + (weight[s] as number);
    count[parent] = (count[parent] as number) + (count[s] as number);
    sibling[s] = firstChild[parent] as number;
    firstChild[parent] = s;
  }
  const total = new Float64Array(length);
  const totalSamples = new Int32Array(length);
  /** How often a place is on the path. */
  const open = new Int32Array(length);
  const path: number[] = [];
  const visit = (s: number) => {
    path.push(s);
    const place = placeOf[stacks.frame[s] as number] as number;
    if (place < 0) return;
    if (open[place] === 0) {
      total[place] = (total[place] as number) + (weight[s] as number);
      totalSamples[place] = (totalSamples[place] as number) + (count[s] as number);
    }
    open[place] = (open[place] as number) + 1;
  };
  for (const root of roots) {
    for (let s = root; s >= 0;) {
      visit(s);
      s = firstChild[s] as number;
      while (s < 0 && path.length > 0) {
        const left = path.pop() as number;
        const place = placeOf[stacks.frame[left] as number] as number;
        if (place >= 0) open[place] = (open[place] as number) - 1;
        s = path.length > 0 ? (sibling[left] as number) : -1;
      }
    }
  }
  return { total, totalSamples };
}
