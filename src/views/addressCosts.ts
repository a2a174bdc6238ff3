import type { EventProfile, Profile } from '../model/profile.js';

/** Cost of every instruction, by index into the profile's `addresses`. */
export interface AddressCosts {
  readonly weight: Float64Array;
  /** Undefined for exact counts, which aren't samples. */
  readonly samples: Int32Array | undefined;
  /** Weight of all samples: 100%. */
  readonly all: number;
}

/**
 * Sums the samples by instruction. O(samples). Undefined if the profile has no addresses.
 * @param selected 1 for the samples that count; by default all of them. Exact counts aren't divided.
 */
export function addressCosts(
  { addresses, samples }: Pick<EventProfile, 'addresses' | 'samples'>,
  selected?: Uint8Array,
): AddressCosts | undefined {
  if (!addresses) return undefined;
  let all = 0;
  const { weight: weightOf, address } = samples;
  const weight = new Float64Array(addresses.length);
  const taken = new Int32Array(addresses.length);
  for (let i = 0; i < samples.length; i++) {
    if (selected?.[i] === 0) continue;
    all += weightOf[i] as number;
    const at = address?.[i] ?? -1;
    if (at < 0) continue;
    weight[at] = (weight[at] as number) + (weightOf[i] as number);
    taken[at] = (taken[at] as number) + 1;
  }
  if (addresses.count) return { weight: addresses.count, samples: undefined, all };
  return { weight, samples: taken, all };
}

/** Indices of the addresses of a function's code: of the function itself, or inlined from it. */
export function addressesOf(
  { addresses, stacks, frames }: Pick<Profile, 'addresses' | 'stacks' | 'frames'>,
  func: number,
): number[] {
  const found: number[] = [];
  for (let a = 0; a < (addresses?.length ?? 0); a++) {
    for (let s = addresses?.stack[a] ?? -1; s >= 0; s = stacks.parent[s] as number) {
      if (frames.func[stacks.frame[s] as number] !== func) continue;
      found.push(a);
      break;
    }
  }
  return found;
}

/** Indices of the addresses with most cost of those whose innermost function is at a line there. O(addresses). */
export function hottestAddresses(
  { addresses, stacks, frames }: Pick<Profile, 'addresses' | 'stacks' | 'frames'>,
  { weight }: Pick<AddressCosts, 'weight'>,
  at: { readonly file: number; readonly line: number },
  most: number,
): number[] {
  const found: number[] = [];
  for (let a = 0; a < (addresses?.length ?? 0); a++) {
    const frame = stacks.frame[addresses?.stack[a] ?? -1];
    if (frame === undefined || (weight[a] ?? 0) <= 0) continue;
    if (frames.file[frame] === at.file && frames.line[frame] === at.line) found.push(a);
  }
  return found.sort((a, b) => (weight[b] as number) - (weight[a] as number)).slice(0, most);
}
