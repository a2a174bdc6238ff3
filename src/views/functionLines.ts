import type { FrameTable, SampleTable, StackTable } from '../model/profile.js';

export interface FunctionLine {
  /** String index, -1 if the line is unknown. */
  readonly file: number;
  /** 1-based, 0 if unknown. */
  readonly line: number;
  readonly weight: number;
  readonly samples: number;
}

/**
 * Self cost of a function by line, heaviest first; the lines add up to the function. O(samples).
 * @param selected 1 for the samples that count; by default all of them
 */
export function functionLines(
  tables: {
    readonly frames: FrameTable;
    readonly stacks: StackTable;
    readonly samples: Pick<SampleTable, 'length' | 'stack' | 'weight'>;
  },
  func: number,
  selected?: Uint8Array,
): FunctionLine[] {
  const { frames, stacks, samples } = tables;
  const lines = new Map<string, { file: number; line: number; weight: number; samples: number }>();
  for (let i = 0; i < samples.length; i++) {
    const stack = samples.stack[i] as number;
    if (stack < 0 || selected?.[i] === 0) continue;
    const frame = stacks.frame[stack] as number;
    if (frames.func[frame] !== func) continue;
    const [file, line] = [frames.file[frame] as number, frames.line[frame] as number];
    const key = `${file}:${line}`;
    let found = lines.get(key);
    if (!found) lines.set(key, (found = { file, line, weight: 0, samples: 0 }));
    found.weight += samples.weight[i] as number;
    found.samples++;
  }
  return [...lines.values()].sort((a, b) => b.weight - a.weight || a.line - b.line);
}
