import type { EventProfile } from '../model/profile.js';
import { nameless, roots } from './coverage.js';

/** Samples whose stack seems to lack its outermost part, where a profile doesn't say where stacks should begin. */
export interface CutStacks {
  /** 0..1 of the weight of all samples. */
  readonly share: number;
  /** Of these, of stacks that are exactly as deep as a limit allows. */
  readonly atLimit: number;
  /** Frames of the deepest stack, without labels. */
  readonly deepest: number;
}

/** A stack that is less deep and begins in a function without a name isn't complete. */
const SHALLOW = 4;

/** Frames that profilers keep at most, which are powers of two, with up to two taken for markers. */
function isLimit(depth: number): boolean {
  return depth >= 62 && [0, 1, 2].some((less) => Number.isInteger(Math.log2(depth + less)));
}

/**
 * Tells cut stacks by three signs: they begin in a function that others call although the program's own start is known; they
 * begin so early in one without a name; or many are exactly as deep as a limit, and begin in a function that is called
 * elsewhere. Names of processes and threads in front of the start (as folded stacks have them) count as labels, not as
 * frames. O(samples + stacks).
 */
export function cutStacks(profile: EventProfile): CutStacks {
  const { samples, stacks, frames, functions, strings } = profile;
  const nameOf = (func: number) => strings[functions.name[func] as number] ?? '';
  const starts = Array.from({ length: functions.length }, (_, f) => roots.test(nameOf(f)));
  const funcs = Int32Array.from(stacks.frame, (frame) => frames.func[frame] as number);
  const funcOf = (stack: number) => funcs[stack] as number;
  const parentOf = (stack: number) => stacks.parent[stack] as number;

  const isLabel = new Uint8Array(functions.length);
  for (let s = 0; s < stacks.length; s++) {
    const parent = parentOf(s);
    if (parent < 0 || parentOf(parent) >= 0 || starts[funcOf(parent)] === true) continue;
    if (starts[funcOf(s)] === true) isLabel[funcOf(parent)] = 1;
  }
  // By stack: the first one below labels, and frames from there, without inlined ones.
  const begin = new Int32Array(stacks.length);
  const depth = new Int32Array(stacks.length);
  // By function: whether another calls it, or at least itself.
  const called = new Uint8Array(functions.length);
  const recursive = new Uint8Array(functions.length);
  for (let s = 0; s < stacks.length; s++) {
    const parent = parentOf(s);
    const above = parent < 0 ? -1 : (begin[parent] as number);
    const isBegin = above < 0 || (parentOf(parent) < 0 && isLabel[funcOf(parent)] === 1);
    begin[s] = isBegin ? s : above;
    const inlined = frames.inlined[stacks.frame[s] as number] as number;
    depth[s] = isBegin ? 1 : (depth[parent] as number) + 1 - inlined;
    if (isBegin) continue;
    if (funcOf(parent) === funcOf(s)) recursive[funcOf(s)] = 1;
    else called[funcOf(s)] = 1;
  }

  let [all, started, deepest] = [0, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    const stack = samples.stack[i] as number;
    const weight = samples.weight[i] as number;
    all += weight;
    if (stack < 0) continue;
    deepest = Math.max(deepest, depth[stack] as number);
    if (isStart(nameOf(funcOf(begin[stack] as number)))) started += weight;
  }
  const knowsStart = started > all * KNOWN;
  let [cut, atLimit] = [0, 0];
  for (let i = 0; i < samples.length; i++) {
    const stack = samples.stack[i] as number;
    if (stack < 0) continue;
    const func = funcOf(begin[stack] as number);
    if (starts[func] === true) continue;
    const frameCount = depth[stack] as number;
    const limited =
      frameCount === deepest && isLimit(deepest) && (called[func] === 1 || recursive[func] === 1);
    const early = nameless.test(nameOf(func)) ? frameCount < SHALLOW : called[func] === 1;
    if (limited) atLimit += samples.weight[i] as number;
    if (limited || (knowsStart && early)) cut += samples.weight[i] as number;
  }
  return { share: all > 0 ? cut / all : 0, atLimit: all > 0 ? atLimit / all : 0, deepest };
}

/** A program's start is known if it begins at least this share. */
const KNOWN = 0.05;

/** A goroutine of Go may begin in any function: that some begin in the runtime tells nothing about the others. */
function isStart(name: string): boolean {
  return roots.test(name) && !name.startsWith('runtime.');
}
