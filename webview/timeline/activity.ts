/**
 * How busy the recording was over time, by color: samples sorted into bins of equal time. Computed in pieces, so that
 * a million samples never block the page. Pure.
 */
import { mergeStacks, type StackColumns, type StackShape } from '../../src/views/callTree.js';

export interface Activity {
  /** Seconds from the first sample to the last; 0 where samples have no times. */
  readonly duration: number;
  readonly bins: number;
  readonly slots: number;
  /** Bin b, slot s: index b * slots + s. */
  readonly weight: Float64Array;
  /** By bin: samples with the selected function on their stack; undefined if none is selected. */
  readonly selected: Float64Array | undefined;
  /** Weight of the fullest bin. */
  readonly peak: number;
  readonly total: number;
}

/** As many as are distinguishable on a wide screen; fewer if each would have hardly a sample. */
const maxBins = 512;
const minBins = 24;
const samplesPerBin = 6;

export function binCount(samples: number): number {
  return Math.min(maxBins, Math.max(minBins, Math.floor(samples / samplesPerBin)));
}

/** Slot of stacks whose samples are filtered out. */
export const leftOut = 0xffff;

/**
 * For every stack, the color of its innermost visible frame, or `leftOut`. O(stacks).
 * @param slotOf a function's color; -1 for stacks without a visible frame
 */
export function stackSlots(
  profile: Pick<StackColumns, 'stacks' | 'frames'>,
  shape: StackShape,
  slotOf: (func: number) => number,
): Uint16Array {
  const { stacks, frames } = profile;
  const { hidden, dropped, focus = -1, subtree } = shape;
  const slots = new Uint16Array(stacks.length);
  const inFocus = new Uint8Array(stacks.length);
  for (let s = 0; s < stacks.length; s++) {
    const parent = stacks.parent[s] as number;
    const func = frames.func[stacks.frame[s] as number] as number;
    const above = parent < 0 ? slotOf(-1) : (slots[parent] as number);
    inFocus[s] = func === focus || (parent >= 0 && inFocus[parent] === 1) ? 1 : 0;
    const excluded = above === leftOut || dropped?.[func] === 1;
    slots[s] = excluded ? leftOut : hidden?.[func] === 1 ? above : slotOf(func);
  }
  if (focus >= 0) for (let s = 0; s < stacks.length; s++) if (inFocus[s] === 0) slots[s] = leftOut;
  if (subtree) {
    const { nodeOf } = mergeStacks(profile, shape);
    for (let s = 0; s < stacks.length; s++) if ((nodeOf[s] as number) < 0) slots[s] = leftOut;
  }
  return slots;
}

/** 1 for the stacks with this function. O(stacks). */
export function stacksWith(
  { stacks, frames }: Pick<StackColumns, 'stacks' | 'frames'>,
  func: number,
): Uint8Array {
  const found = new Uint8Array(stacks.length);
  for (let s = 0; s < stacks.length; s++) {
    const parent = stacks.parent[s] as number;
    const here = frames.func[stacks.frame[s] as number] === func;
    found[s] = here || (parent >= 0 && found[parent] === 1) ? 1 : 0;
  }
  return found;
}

interface ActivityInput {
  readonly samples: StackColumns['samples'];
  /** 1 for the samples that count; undefined for all. */
  readonly mask: Uint8Array | undefined;
  readonly slotOfStack: Uint16Array;
  /** Slot of samples without a stack. */
  readonly noSlot: number;
  readonly slots: number;
  /** As `stacksWith` finds them. */
  readonly selected?: Uint8Array | undefined;
}

/** Two passes over the samples: the duration, then the bins. */
export class Binning {
  private readonly weight: Float64Array;
  private readonly selected: Float64Array | undefined;
  private readonly bins: number;
  private duration = 0;
  private measured = 0;
  private binned = 0;

  constructor(private readonly input: ActivityInput) {
    this.bins = binCount(input.samples.length);
    this.weight = new Float64Array(this.bins * input.slots);
    this.selected = input.selected && new Float64Array(this.bins);
  }

  /** Processes the next `count` samples; returns whether all are done. */
  step(count: number): boolean {
    const { samples } = this.input;
    if (this.measured < samples.length) {
      const { time: timeOf } = samples;
      const end = Math.min(samples.length, this.measured + count);
      for (let i = this.measured; i < end; i++) {
        const time = timeOf[i] as number;
        if (time > this.duration) this.duration = time;
      }
      this.measured = end;
      return false;
    }
    this.bin(Math.min(samples.length, this.binned + count));
    return this.binned >= samples.length;
  }

  get result(): Activity {
    const { slots } = this.input;
    let [peak, total] = [0, 0];
    for (let b = 0; b < this.bins; b++) {
      let sum = 0;
      for (let s = 0; s < slots; s++) sum += this.weight[b * slots + s] as number;
      peak = Math.max(peak, sum);
      total += sum;
    }
    const { duration, bins, weight, selected } = this;
    return { duration, bins, slots, weight, selected, peak, total };
  }

  private bin(end: number): void {
    const { samples, mask, slotOfStack, noSlot, slots, selected: inSelected } = this.input;
    const { weight, bins, duration, selected } = this;
    const { stack: stackOf, time, weight: weightOf } = samples;
    const scale = duration > 0 ? bins / duration : 0;
    for (let i = this.binned; i < end; i++) {
      if (mask !== undefined && mask[i] === 0) continue;
      const stack = stackOf[i] as number;
      const slot = stack < 0 ? noSlot : (slotOfStack[stack] as number);
      if (slot === leftOut) continue;
      const bin = Math.max(0, Math.min(bins - 1, Math.floor((time[i] as number) * scale)));
      weight[bin * slots + slot] = (weight[bin * slots + slot] as number) + (weightOf[i] as number);
      if (selected && inSelected?.[stack] === 1)
        selected[bin] = (selected[bin] as number) + (weightOf[i] as number);
    }
    this.binned = end;
  }
}

/** Whether samples have times. Looks at a thousand samples at most. */
export function hasTimes({ length, time }: StackColumns['samples']): boolean {
  const step = Math.max(1, Math.floor(length / 1000));
  for (let i = length - 1; i >= 0; i -= step) if ((time[i] as number) > 0) return true;
  return false;
}
