/** What joins a throughput with shares, as costs per operation and predictions do, rests on this. */
export const sameWork = 'the profile and the benchmark did the same work';

/** The arguments under which a run's figures were taken, where they were not the same. */
export interface DifferentArguments {
  /** As they are typed into a shell. */
  readonly throughput: string;
  readonly shares: string;
}

/** @param run what to call it, e.g. `A`; empty where there is one only */
export function differentArguments({ throughput, shares }: DifferentArguments, run = ''): string {
  const whose = run === '' ? '' : ` of ${run}`;
  return `Throughput${whose} was measured with the arguments ${throughput || '(none)'}, shares with ${shares || '(none)'}: what joins the two assumes that ${sameWork}.`;
}
