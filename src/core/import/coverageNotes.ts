import type { EventProfile } from '../../model/profile.js';
import { percent } from '../../text/numbers.js';
import { coverage, ENOUGH, type Coverage } from '../../views/coverage.js';
import { cutStacks } from '../../views/cutStacks.js';
import { causesOf, type Cause, type Causes } from './coverageCauses.js';
import type { ImportFormat } from './detect.js';
import type { Reading } from './plausibility.js';

/** Modules with less aren't named. */
const WORTH_NAMING = 0.01;
const mostNamed = 5;

/** Which parts of an imported profile lack names, lines, or callers: how much, where, why, and what to do. */
export function importedCoverageNotes(profile: EventProfile, reading: Reading): string[] {
  const found = coverage(profile);
  const { exact, taken } = profile.event;
  const weight = exact === true || taken === null ? 'cost' : 'samples';
  const causes = causesOf(profile, reading);
  return [
    ...missing('names', found.unnamed, causes.names, weight),
    ...lineNotes(found, causes, weight),
    ...callerNotes(profile, found, reading.format, weight),
  ];
}

/** Profiles of scripts tell where functions are declared: that isn't a lack of names or of debug information. */
function lineNotes({ withoutLines, declaredOnly }: Coverage, causes: Causes, weight: string): string[] {
  if (declaredOnly < sum(withoutLines) / 2)
    return missing('source lines', withoutLines, causes.lines, weight);
  if (declaredOnly <= ENOUGH) return [];
  const [why, remedy] = causes.linesThatRan;
  return [
    `Where functions begin is known, but not which of their lines ran (${percent(declaredOnly)} of the ${weight}): ${why}. ${remedy}`,
  ];
}

/** Browsers call functions of scripts without a caller. */
const eventLoops: readonly ImportFormat[] = ['cpuprofile', 'chrome-trace', 'firefox'];

/** Only perf's own text has modules, which tell where a stack should begin. */
function callerNotes(profile: EventProfile, found: Coverage, format: ImportFormat, weight: string): string[] {
  const missingFor = (share: number) => `Callers are missing for ${percent(share)} of the ${weight}: `;
  if (eventLoops.includes(format)) return [];
  const cut = sum(found.cut);
  // What a goroutine of Go begins with may be all that runs, with functions inlined in it: callers enough.
  const whole = format === 'pprof' && profile.stacks.parent.some((parent) => parent >= 0);
  if (found.deepest <= 1 && !whole)
    return cut > ENOUGH ? [`${missingFor(cut)}stacks have one frame each. ${withStacks(format)}`] : [];
  if (format === 'callgrind') return [];
  const byDepth = cutStacks(profile);
  const share = format === 'perf-script' ? cut : byDepth.share;
  if (share <= ENOUGH) return [];
  if (byDepth.atLimit > share / 2) {
    const text = `${missingFor(share)}stacks are cut at ${byDepth.deepest} frames.`;
    return [`${text} ${higherLimit(format)}`];
  }
  return [
    `${missingFor(share)}stacks end early${where(found.cut)}. Record with --call-graph dwarf, or compile with -fno-omit-frame-pointer.`,
  ];
}

function withStacks(format: ImportFormat): string {
  if (format === 'perf-report') return 'Import perf.data itself.';
  if (format === 'callgrind') return 'Write the file with calls, as valgrind --tool=callgrind does.';
  return 'Record with stacks, as with perf record -g.';
}

function higherLimit(format: ImportFormat): string {
  if (format === 'perf-script')
    return 'Import perf.data itself, or print it with perf script --max-stack 1024.';
  if (format === 'pprof')
    return 'Go keeps 64 frames before version 1.23, and 128 since: build it with a newer one, or record with perf record -g.';
  return 'Raise the limit of the tool that recorded or printed them: perf script --max-stack 1024, or async-profiler -j 4096.';
}

function missing(
  what: string,
  shares: ReadonlyMap<string, number>,
  [why, remedy]: Cause,
  weight: string,
): string[] {
  const share = sum(shares);
  if (share <= ENOUGH) return [];
  return [
    `Functions${where(shares)} have no ${what}: ${why} (${percent(share)} of the ${weight}). ${remedy}`,
  ];
}

/** Empty where the file names no modules. */
function where(shares: ReadonlyMap<string, number>): string {
  const modules = [...shares].filter(([module, share]) => module !== '' && share >= WORTH_NAMING);
  if (modules.length === 0) return '';
  const named = modules.sort(([, a], [, b]) => b - a).map(([module]) => module);
  const more = named.length > mostNamed ? `, and ${named.length - mostNamed} more` : '';
  return ` in ${named.slice(0, mostNamed).join(', ')}${more}`;
}

function sum(shares: ReadonlyMap<string, number>): number {
  return [...shares.values()].reduce((all, share) => all + share, 0);
}
