/** Events in words, the same in command line and exports. */

/** Why another event was sampled: `cycles:u is unavailable: this virtual machine (KVM) has no hardware counters`. */
export function fallbackText({ requested, reason }: { requested: string; reason: string }): string {
  return `${requested} is unavailable: ${reason}`;
}
