import type { EventProfile } from '../../model/profile.js';
import { percent } from '../../text/numbers.js';
import { coverage, ENOUGH, isKernel, type Coverage } from '../../views/coverage.js';
import { installRemedy } from '../process/packages.js';
import { isAnonymous } from '../symbols/location.js';
import type { ModuleFacts, Cause, Unlinked } from '../symbols/moduleFacts.js';

/** How a recording's stacks were found. */
export type CallGraphKind = 'fp' | 'dwarf' | 'lbr' | 'none';

/** Modules with less aren't named. */
const WORTH_NAMING = 0.01;

/** Entries that the kernel keeps of a stack (kernel.perf_event_max_stack), one of which can be a marker. */
const kernelLimit = 126;

/** Which parts of a profile lack names, lines, or callers: how much, where, why, and what to do. The gravest first. */
export function coverageNotes(
  profile: EventProfile,
  modules: ReadonlyMap<string, ModuleFacts>,
  callGraph: CallGraphKind,
): string[] {
  const found = coverage(profile);
  const runtime = runtimeOf(modules);
  const lines = (module: string) => withoutLines(module, modules.get(module));
  const notes = [
    ...unnamedNotes(found.unnamed, modules, runtime),
    ...missing('source lines', found.withoutLines, lines),
    ...callerNotes(found, callGraph),
  ];
  return notes.sort((a, b) => b.share - a.share).map(({ text }) => text);
}

interface Note {
  readonly text: string;
  /** Of the profile that it is about. */
  readonly share: number;
}

function unnamedNotes(
  unnamed: ReadonlyMap<string, number>,
  modules: ReadonlyMap<string, ModuleFacts>,
  runtime: string,
): Note[] {
  const notes = missing('names', unnamed, (module) => withoutName(module, modules.get(module), runtime));
  // Files that are missing or differ may be what the user looks for, however few samples they have.
  const few = new Map<string, string[]>();
  const told = worthTelling(unnamed);
  const kernel: Note[] = [];
  for (const [module, facts] of modules) {
    if (told.has(module)) continue;
    if (facts.unread !== undefined) few.set(facts.unread, [...(few.get(facts.unread) ?? []), module]);
    else if (facts.unnamed)
      kernel.push({
        text: `${subject([module])} no names: ${facts.unnamed.why}. ${facts.unnamed.remedy}`,
        share: unnamed.get(module) ?? 0,
      });
  }
  const share = (files: readonly string[]) =>
    files.reduce((sum, module) => sum + (unnamed.get(module) ?? 0), 0);
  return [
    ...notes,
    ...kernel,
    ...[...few].flatMap(([why, files]) =>
      unreadNotes(why, files).map((text) => ({ text, share: share(files) })),
    ),
  ];
}

/** A recording from another machine can refer to hundreds of missing files. */
function unreadNotes(why: string, modules: readonly string[]): string[] {
  if (modules.length <= 5)
    return modules.map((file) => `Functions in ${file} have no names: the file ${why}.`);
  return [
    `Functions in ${modules.length} files have no names, because each file ${why}: ${listed(modules)}.`,
  ];
}

/** The modules that notes are about, if enough is missing. Much can be missing in many modules with little each. */
function worthTelling(shares: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  if (total(shares) <= ENOUGH) return new Map();
  const large = new Map([...shares].filter(([, share]) => share >= WORTH_NAMING));
  return total(large) > ENOUGH ? large : shares;
}

/** One note for each cause, if enough is missing. */
function missing(
  what: string,
  shares: ReadonlyMap<string, number>,
  causeOf: (module: string) => Cause,
): Note[] {
  const groups = new Map<string, { cause: Cause; modules: string[]; share: number }>();
  for (const [module, share] of [...worthTelling(shares)].sort(([, a], [, b]) => b - a)) {
    const cause = causeOf(module);
    const key = `${cause.why}\0${cause.remedy}`;
    const group = groups.get(key) ?? { cause, modules: [], share: 0 };
    group.modules.push(module);
    group.share += share;
    groups.set(key, group);
  }
  return [...groups.values()].map(({ cause: { why, remedy }, modules, share }) => ({
    text: `${subject(modules)} no ${what}: ${why} (${percent(share)} of the samples). ${remedy}`,
    share,
  }));
}

function subject(modules: readonly string[]): string {
  if (modules.every(isKernel)) return 'Functions of the kernel have';
  if (modules.every((module) => module === '')) return 'Some addresses have';
  if (modules.every((module) => module === '' || isAnonymous(module)))
    return modules.every((module) => module.startsWith('/memfd:'))
      ? `Code in ${listed(modules)} has`
      : 'Code generated at run time has';
  return `Functions in ${listed(modules)} have`;
}

function listed(modules: readonly string[]): string {
  const named = modules.slice(0, 20).join(', ');
  return modules.length > 20 ? `${named}, and ${modules.length - 20} more` : named;
}

function withoutName(module: string, facts: ModuleFacts | undefined, runtime: string): Cause {
  if (facts?.unnamed) return facts.unnamed;
  if (isKernel(module)) return { why: 'no symbols of the kernel cover this code', remedy: kernelRemedy };
  if (module === '')
    return {
      why: "the recording doesn't say what is mapped there",
      remedy: 'Record the program from its start, so that perf sees what it loads.',
    };
  if (module.startsWith('/memfd:'))
    return {
      why: 'it was in memory only (memfd), and no map (/tmp/perf-PID.map) has its names',
      remedy: `If a program was started from there, start it from a file. Otherwise: ${runtime}`,
    };
  if (isAnonymous(module))
    return {
      why: 'no map (/tmp/perf-PID.map) and no dump (jit-PID.dump) of the runtime has them',
      remedy: runtime,
    };
  if (facts?.unread !== undefined)
    return { why: `the file ${facts.unread}`, remedy: unreadRemedy(facts.unread) };
  if (facts?.unlinked !== undefined && !isOfSystem(module))
    return withoutDebugFile('symbols', facts.unlinked);
  if (facts?.stripped !== true)
    return { why: 'no symbol covers this code', remedy: symbolsRemedy(module, 'Link without -s.') };
  return {
    why: 'symbols were stripped',
    remedy: symbolsRemedy(module, "Link without -s, and profile what isn't stripped yet."),
  };
}

/** @param what was moved to a file of its own */
function withoutDebugFile(what: string, { name, other }: Unlinked): Cause {
  if (other !== undefined)
    return {
      why: `the separate file with ${what}, ${other}, is of another build: its checksum isn't the one in the program`,
      remedy: 'Make both from one build again.',
    };
  return {
    why: `${what} ${what === 'symbols' ? 'were' : 'was'} moved to a separate file, ${name}, which isn't here`,
    remedy: 'Put it beside the program, or name its folder with --symbols.',
  };
}

function unreadRemedy(why: string): string {
  if (/changed/.test(why)) return 'Record again.';
  if (/not exist/.test(why)) return 'Put the recorded file there, or open the recording where it was made.';
  return 'Check the file, or open the recording where it was made.';
}

const kernelRemedy = "Use perf report or perf annotate with the kernel's debug symbols installed.";

function withoutLines(module: string, facts: ModuleFacts | undefined): Cause {
  if (isKernel(module)) return { why: "the kernel's debug information isn't read", remedy: kernelRemedy };
  if (facts?.unread !== undefined)
    return { why: 'only their names are known', remedy: unreadRemedy(facts.unread) };
  if (module === '' || isAnonymous(module))
    return {
      why: 'a map has only names',
      remedy:
        "Have the runtime write a dump: perf record -k mono, with node --perf-prof or Java's libperf-jvmti.so.",
    };
  if (module.startsWith('['))
    return { why: 'they are code of the kernel', remedy: 'See the lines of their callers.' };
  if (facts?.splitLines === true)
    return {
      why: "addr2line can't read what gcc put into .dwo files",
      remedy: installing('llvm-symbolizer'),
    };
  if (facts?.unreadableLines === true)
    return {
      why: 'no tool here can read the debug information, which may be compressed',
      remedy: `Install a newer LLVM or binutils, or run objcopy --decompress-debug-sections.`,
    };
  // Distributions move all of it, and have packages with it.
  if (facts?.unlinked !== undefined && !isOfSystem(module))
    return withoutDebugFile('debug information', facts.unlinked);
  const flag = 'Compile with -g.';
  if (facts?.hasLines === true)
    return { why: 'debug information is missing in parts', remedy: symbolsRemedy(module, flag) };
  return { why: 'debug information is missing', remedy: symbolsRemedy(module, flag) };
}

/** @param own what to do with a program of one's own */
function symbolsRemedy(module: string, own: string): string {
  if (!isOfSystem(module)) return own;
  if (/\/(libc|libm|ld-linux[^/]*|libpthread)[.-][^/]*$/.test(module))
    return installing('debug information of the C library');
  return "Install the debug symbols of its package (Debian's -dbgsym, Fedora's -debuginfo).";
}

function installing(thing: string): string {
  const { text, command } = installRemedy(thing);
  return command === undefined ? text : `${text} $ ${command}`;
}

/** What a package of the system brought, which nobody compiles again. */
export function isOfSystem(module: string): boolean {
  return /^\/(usr\/(?!local|src)|lib|bin|sbin)/.test(module);
}

/** How the runtimes that this is a recording of write maps of the code that they generate. */
function runtimeOf(modules: ReadonlyMap<string, ModuleFacts>): string {
  const has = (pattern: RegExp) => [...modules.keys()].some((module) => pattern.test(module));
  if (has(/\/libjvm\.so$/)) return 'Start Java with -XX:+PreserveFramePointer -XX:+DumpPerfMapAtExit.';
  if (has(/\/(node|nodejs|libnode\.so[^/]*|electron)$/)) return 'Start Node.js with --perf-basic-prof.';
  if (has(/\/libcoreclr\.so$/)) return 'Start .NET with DOTNET_PerfMapEnabled=1.';
  if (has(/\/(libpython|python)3[^/]*$/)) return 'Start Python (3.12 or later) with -X perf.';
  return 'Have the runtime write a map: node --perf-basic-prof, java -XX:+DumpPerfMapAtExit, python -X perf.';
}

const frameFlags = '-fno-omit-frame-pointer';

function callerNotes(found: Coverage, callGraph: CallGraphKind): Note[] {
  const share = total(found.cut);
  if (callGraph === 'none' || share <= ENOUGH) return [];
  return [{ text: callerNote(found, callGraph), share }];
}

function callerNote({ cut, cutAtLimit, deepest }: Coverage, callGraph: CallGraphKind): string {
  const share = total(cut);
  const missingFor = `Callers are missing for ${percent(share)} of the samples: `;
  const where = [...cut].filter(([, part]) => part >= WORTH_NAMING).sort(([, a], [, b]) => b - a);
  const modules = where.map(([module]) => module);
  if (callGraph === 'lbr')
    return `${missingFor}the processor keeps only the last calls. Record with --call-graph dwarf to see all.`;
  if (cutAtLimit > share / 2 && deepest >= kernelLimit)
    return `${missingFor}stacks are cut at ${deepest} frames. Record with perf record --max-stack 1024, after: $ sysctl kernel.perf_event_max_stack=1024`;
  const named = modules.filter((module) => module !== '');
  const ends = named.length === 0 ? 'stacks end early' : `stacks end early in ${listed(named)}`;
  if (callGraph === 'dwarf')
    return `${missingFor}${ends}. The copied part of the stack was too small, or unwinding information is missing. Record with perf record --call-graph dwarf,65528.`;
  if (modules.length > 0 && modules.every((module) => isAnonymous(module)))
    return `${missingFor}${ends}, in code generated at run time without frame pointers. Have the runtime keep them, as java -XX:+PreserveFramePointer does.`;
  const compiled = `${missingFor}${ends}, compiled without frame pointers. Record with --call-graph dwarf`;
  return named.length > 0 && named.every(isOfSystem)
    ? `${compiled}.`
    : `${compiled}, or compile with ${frameFlags}.`;
}

function total(shares: ReadonlyMap<string, number>): number {
  return [...shares.values()].reduce((sum, share) => sum + share, 0);
}
