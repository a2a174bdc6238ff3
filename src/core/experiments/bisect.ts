import type { Verdict } from '../../statistics/verdict.js';
import type { TaskContext } from '../context.js';
import { git } from '../environment/git.js';
import { LabError } from '../labError.js';
import { compare } from './compare.js';
import type { Place } from './place.js';
import type { Comparison } from './comparison.js';
import { resolveCommit } from './worktree.js';

export interface BisectOptions {
  /** For each comparison. */
  readonly seconds?: number | undefined;
  readonly seed?: number | undefined;
}

/** The contract of `bisect --json`. */
export interface BisectResult {
  readonly kind: 'bisect';
  readonly formatVersion: 1;
  readonly preset: string;
  /** The commit that made it slower; null if that wasn't shown. */
  readonly commit: string | null;
  readonly subject: string | null;
  readonly verdict: 'found' | 'not slower' | 'unclear';
  readonly steps: readonly BisectStep[];
}

interface BisectStep {
  readonly commit: string;
  readonly against: string;
  readonly verdict: Verdict;
  readonly ratio: Comparison['ratio'];
  readonly pairs: number;
}

/**
 * Searches the first commit that is slower than GOOD, by comparing commits with it side by side. The error probability of
 * 5% is shared by all steps; a commit that stays unclear is skipped, and the neighbors of the result are compared at the
 * end.
 */
export async function bisect(
  place: Place,
  preset: string,
  good: string,
  bad: string,
  options: BisectOptions,
  context: TaskContext,
): Promise<BisectResult> {
  const { lab } = place;
  const from = await requireCommit(lab.folder, good);
  const to = await requireCommit(lab.folder, bad);
  const listed = await git(
    lab.folder,
    ['rev-list', '--reverse', '--first-parent', `${from}..${to}`],
    context,
  );
  const commits = (listed ?? '').split('\n').filter(Boolean);
  if (commits.length === 0) {
    throw new LabError('git-failed', `There is no commit from ${good} to ${bad}.`, {
      remedy: { text: 'Name the older, faster commit first.' },
    });
  }
  // The first comparison, the search, and the confirmation.
  const alpha = 0.05 / (Math.ceil(Math.log2(commits.length + 1)) + 2);
  const steps: BisectStep[] = [];
  const step = async (against: string, commit: string, margin: number | undefined): Promise<BisectStep> => {
    const progress = (text: string) =>
      context.progress(`Step ${steps.length + 1}, ${commit.slice(0, 12)}: ${text}`);
    const { comparison } = await compare(
      place,
      { sides: [`commit:${against}`, `commit:${commit}`], preset },
      { ...options, margin, alpha },
      { ...context, progress },
    );
    const { verdict, ratio, pairs, ending } = comparison;
    if (ending === 'interrupted') throw new LabError('canceled', 'Canceled.');
    const done = { commit, against, verdict, ratio, pairs: pairs.length };
    steps.push(done);
    return done;
  };
  const end = (
    commit: string | null,
    verdict: BisectResult['verdict'],
    subject: string | null,
  ): BisectResult => ({
    kind: 'bisect',
    formatVersion: 1,
    preset,
    commit,
    subject,
    verdict,
    steps,
  });
  const whole = await step(from, to, undefined);
  if (whole.verdict !== 'slower')
    return end(null, whole.verdict === 'unclear' ? 'unclear' : 'not slower', null);
  // What matters is which end a commit resembles: half of the whole difference tells them apart.
  const margin = (1 - (whole.ratio?.value ?? 1)) / 2;
  let low = -1;
  let high = commits.length - 1;
  const skipped = new Set<number>();
  for (;;) {
    const open = between(low, high).filter((i) => !skipped.has(i));
    const middle = (low + high) / 2;
    const next = open.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
    if (next === undefined) break;
    const { verdict } = await step(from, commits[next] as string, margin);
    if (verdict === 'slower') high = next;
    else if (verdict === 'unclear') skipped.add(next);
    else low = next;
  }
  const first = commits[high] as string;
  const before = low < 0 ? from : (commits[low] as string);
  const confirmed = await step(before, first, margin);
  const subject = (await git(lab.folder, ['log', '-1', '--format=%s', first]))?.trim() ?? null;
  // Skipped commits in between may be the cause as well.
  const certain = confirmed.verdict === 'slower' && high - low === 1;
  return end(first, certain ? 'found' : 'unclear', subject);
}

function between(low: number, high: number): number[] {
  return Array.from({ length: Math.max(0, high - low - 1) }, (_, i) => low + 1 + i);
}

async function requireCommit(folder: string, revision: string): Promise<string> {
  const commit = await resolveCommit(folder, revision);
  if (commit !== undefined) return commit;
  throw new LabError('git-failed', `There is no commit ${revision}.`, {
    remedy: { text: 'Check the name with git log.' },
  });
}
