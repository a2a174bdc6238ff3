import type { EventProfile } from '../model/profile.js';
import { unnamedFunction } from '../model/unnamed.js';

/** What a profile lacks, as shares (0..1) of the weight of its samples, by module; '' is code of no module. */
export interface Coverage {
  /** Of samples in functions without a name. */
  readonly unnamed: ReadonlyMap<string, number>;
  /** Of samples in functions that have a name but no source line. */
  readonly withoutLines: ReadonlyMap<string, number>;
  /** Of these, of samples in functions of which it is known where they are declared. */
  readonly declaredOnly: number;
  /** Of samples whose stack ends before the function that a thread starts with, by the module where it ends. */
  readonly cut: ReadonlyMap<string, number>;
  /** Of samples whose stack is cut and as deep as the deepest: what cut it was a limit. */
  readonly cutAtLimit: number;
  /** Frames of the deepest stack, without inlined ones. */
  readonly deepest: number;
}

/** A profile that lacks more than this share says so. */
export const ENOUGH = 0.05;

/** Stacks begin in one of these. `main` suffices: what calls it belongs to the C library. */
export const roots =
  /^(_*main|_?start|_start_c|_*libc_start\w*|_dl_start\w*|_*clone3?|start_thread|thread_start|_*start_context|runtime\.\w.*|ret_from_fork\w*|_init|_fini|call_init\w*|_*restore_rt)(@.*)?$/;

/** Their functions that start a program or a thread often have no name: in the C++ library, that of `std::thread`. */
const starters = /\/(libc|libpthread|libstdc\+\+|ld-linux[^/]*|ld-musl[^/]*)[.-][^/]*$/;

/** What other tools write of code without a name. */
export const nameless = /^(\[?unknown\]?|\?\?+|0x[0-9a-f]+)?$/i;

/** A stack this deep that ends in a function without a name is taken as complete. */
const DEEP = 4;

/** What is missing in the finished profile, whatever the reason. O(samples + stacks). */
export function coverage(profile: EventProfile): Coverage {
  const { samples, stacks, frames, functions, strings } = profile;
  const text = (index: number | undefined) => strings[index ?? -1] ?? '';
  const moduleOf = (func: number) => text(functions.module[func]);
  const isUnnamed = Uint8Array.from({ length: functions.length }, (_, f) => {
    const name = text(functions.name[f]);
    return Number(name === unnamedFunction(moduleOf(f)) || nameless.test(name));
  });
  const isRoot = Array.from({ length: functions.length }, (_, f) => roots.test(text(functions.name[f])));
  // By stack: its outermost function, the outermost one of a module, and its frames without inlined ones. A register that
  // holds no frame pointer leads to addresses of no module: the code that used it so is the one above.
  const root = new Int32Array(stacks.length);
  const end = new Int32Array(stacks.length);
  const depth = new Int32Array(stacks.length);
  for (let s = 0; s < stacks.length; s++) {
    const parent = stacks.parent[s] as number;
    const frame = stacks.frame[s] as number;
    const func = frames.func[frame] as number;
    root[s] = parent < 0 ? func : (root[parent] as number);
    end[s] = parent < 0 || moduleOf(end[parent] as number) === '' ? func : (end[parent] as number);
    depth[s] = (parent < 0 ? 0 : (depth[parent] as number)) + 1 - (frames.inlined[frame] as number);
  }
  const isCut = (stack: number) => {
    const func = root[stack] as number;
    const module = moduleOf(func);
    if (isRoot[func] || isKernel(module)) return false;
    if (isUnnamed[func] === 0) return true;
    return starters.test(module) ? depth[stack] === 1 : (depth[stack] as number) < DEEP;
  };

  const unnamed = new Map<string, number>();
  const withoutLines = new Map<string, number>();
  const cut = new Map<string, number>();
  const cutByDepth = new Map<number, number>();
  let all = 0;
  let declared = 0;
  let deepest = 0;
  for (let i = 0; i < samples.length; i++) {
    const weight = samples.weight[i] as number;
    const stack = samples.stack[i] as number;
    all += weight;
    if (stack < 0) {
      add(unnamed, '', weight);
      continue;
    }
    const frame = stacks.frame[stack] as number;
    const func = frames.func[frame] as number;
    if (isUnnamed[func] === 1) add(unnamed, moduleOf(func), weight);
    else if ((frames.line[frame] as number) === 0) {
      add(withoutLines, moduleOf(func), weight);
      if ((functions.line[func] as number) > 0) declared += weight;
    }
    deepest = Math.max(deepest, depth[stack] as number);
    if (!isCut(stack)) continue;
    add(cut, moduleOf(end[stack] as number), weight);
    add(cutByDepth, depth[stack] as number, weight);
  }
  const share = (sums: Map<string, number>) =>
    new Map([...sums].map(([module, weight]) => [module, all > 0 ? weight / all : 0]));
  return {
    unnamed: share(unnamed),
    withoutLines: share(withoutLines),
    declaredOnly: all > 0 ? declared / all : 0,
    cut: share(cut),
    cutAtLimit: all > 0 ? (cutByDepth.get(deepest) ?? 0) / all : 0,
    deepest,
  };
}

function add<K>(sums: Map<K, number>, key: K, weight: number): void {
  sums.set(key, (sums.get(key) ?? 0) + weight);
}

/** The kernel, one of its modules, or a guest: not memory of a process, which perf also names in brackets. */
export function isKernel(module: string): boolean {
  return /^\[(?!vdso|vsyscall|vectors|heap|stack|anon|unknown|uprobes)[\w.-]+\]$|\.ko(\.\w+)?$/.test(module);
}
