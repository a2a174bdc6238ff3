/** What combining throughput with shares assumes, as costs per operation and predictions do. */
export const sameWork = 'the profile and the benchmark did the same work';

/** The arguments of the benchmark and of the profile of a run, if they differ. */
export interface DifferentArguments {
  /** Quoted for a shell. */
  readonly throughput: string;
  readonly shares: string;
}

/** @param run its name, e.g. `A`; empty if there is only one */
export function differentArguments({ throughput, shares }: DifferentArguments, run = ''): string {
  const whose = run === '' ? '' : ` of ${run}`;
  return `Throughput${whose} was measured with the arguments ${throughput || '(none)'}, shares with ${shares || '(none)'}. Figures that combine both assume that ${sameWork}.`;
}
