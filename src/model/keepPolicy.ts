/** Which saved runs are kept. Without any limit, all are. */
export interface KeepPolicy {
  /** The newest, this many. */
  readonly runs?: number | undefined;
  /** Those that aren't older. */
  readonly days?: number | undefined;
  /** The newest that take this much together. */
  readonly mebibytes?: number | undefined;
}

/** A saved run as far as the policy asks. */
export interface KeptRun {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly saved: number;
  readonly bytes: number;
}

/** IDs of the runs that a policy doesn't keep. The newest one is always kept. @param runs newest first */
export function outdated(runs: readonly KeptRun[], policy: KeepPolicy, now: number): string[] {
  const { runs: most = Infinity, days = Infinity, mebibytes = Infinity } = policy;
  let bytes = 0;
  return runs
    .filter((run, index) => {
      bytes += run.bytes;
      return (
        index > 0 && (index >= most || now - run.saved > days * 86_400_000 || bytes > mebibytes * 2 ** 20)
      );
    })
    .map(({ id }) => id);
}
