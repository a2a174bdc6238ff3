import path from 'node:path';
import { competitorSubject, preloadLibraries } from '../bench/competitors.js';
import { presetSubject, resolveCommand, resolveProgram, type Subject } from '../bench/subject.js';
import { build } from '../build/build.js';
import type { TaskContext } from '../context.js';
import { exists } from '../files.js';
import { presetSchema, type Preset } from '../lab/labFile.js';
import { findPreset, type LoadedLab } from '../lab/loadLab.js';
import { LabError } from '../labError.js';
import { installRemedy } from '../process/packages.js';
import { parseCommandLine } from '../process/commandLine.js';
import type { RunStore } from '../store/runStore.js';
import { LATEST, runNamed } from '../store/savedRuns.js';
import type { Side } from './side.js';
import { buildCommit, resolveCommit } from './worktree.js';

/** What the user wants to compare. Everything but a run can be run again. */
export type SideSpec =
  | { readonly kind: 'preset'; readonly name: string }
  | { readonly kind: 'run'; readonly id: string }
  | { readonly kind: 'commit'; readonly revision: string; readonly commit: string }
  | { readonly kind: 'allocator'; readonly name: string }
  | { readonly kind: 'library'; readonly file: string }
  | { readonly kind: 'command'; readonly command: string };

/** What commits and allocators run. */
export interface Workload {
  readonly preset?: string | undefined;
  readonly command?: string | undefined;
}

const kinds = ['preset', 'run', 'commit', 'allocator', 'library', 'command'] as const;
/** Known by name; `system` is another word for glibc. */
export const allocators = ['glibc', 'system', 'mimalloc', 'jemalloc', 'tcmalloc'];

/**
 * Recognizes what a text names: `KIND:NAME`, or without a kind, in this order, a preset, a saved run, an allocator, a
 * library, a command, a commit.
 * @throws LabError `side-unknown`
 */
export async function parseSide(text: string, lab: LoadedLab, store: RunStore): Promise<SideSpec> {
  const [, kind, rest] = /^(\w+):(.+)$/s.exec(text) ?? [];
  const given = kinds.find((one) => one === kind);
  const value = given ? (rest ?? '') : text;
  const wants = (one: (typeof kinds)[number]) => given === undefined || given === one;
  if (wants('preset') && lab.definition.presets.some(({ name }) => name === value))
    return { kind: 'preset', name: value };
  if (wants('run')) {
    if (value === LATEST || (await store.list()).includes(value)) return { kind: 'run', id: value };
  }
  if (wants('allocator') && (given === 'allocator' || allocators.includes(value)))
    return { kind: 'allocator', name: value };
  const isLibrary = given === 'library' || /\.so(\.\d+)*$/.test(value);
  if (wants('library') && isLibrary && (await exists(path.resolve(value))))
    return { kind: 'library', file: path.resolve(value) };
  if (wants('command') && (given === 'command' || (await looksLikeCommand(value))))
    return { kind: 'command', command: value };
  if (wants('commit')) {
    const commit = await resolveCommit(lab.folder, value);
    if (commit !== undefined) return { kind: 'commit', revision: value, commit };
  }
  throw new LabError('side-unknown', `${text} can't be compared.`, {
    detail: `It is neither a preset of ${lab.definition.name}, a saved run, an allocator (${allocators.join(', ')}), a library, a command, nor a commit.`,
    remedy: { text: `Check the name, or say what it is: ${kinds.map((one) => `${one}:…`).join(', ')}.` },
  });
}

async function looksLikeCommand(text: string): Promise<boolean> {
  if (/\s/.test(text.trim())) return true;
  return text.includes('/') && (await exists(path.resolve(text)));
}

/** What one command builds once for both sides. */
export interface Opening {
  readonly lab: LoadedLab;
  readonly store: RunStore;
  readonly workload: Workload;
  /** Presets whose build command has been run in the working tree. */
  readonly built: Set<string>;
}

/** Builds what is to be run; of a saved run its preset as it is now. @throws LabError as building and finding programs do */
export async function openSide(spec: SideSpec, opening: Opening, context: TaskContext): Promise<Side> {
  const { lab, store, workload } = opening;
  if (spec.kind === 'run') {
    const { preset } = await runNamed(store, spec.id, 'any');
    return openSide({ kind: 'preset', name: preset.name }, opening, context);
  }
  if (spec.kind === 'command') return commandSide(spec.command, lab);
  if (spec.kind === 'commit') {
    const label = spec.revision === spec.commit ? spec.commit.slice(0, 12) : spec.revision;
    const name = presetOf(lab, workload);
    const built = await buildCommit(lab, name, store, spec.commit, context);
    const preset = findPreset(built, name);
    return { label, lab: built, preset, subject: await presetSubject(built, preset) };
  }
  if (workload.command !== undefined && spec.kind !== 'preset') {
    const side = await commandSide(workload.command, lab);
    return { ...side, label: nameOf(spec), subject: await preloaded(spec, side.subject, context) };
  }
  const preset = findPreset(lab, spec.kind === 'preset' ? spec.name : presetOf(lab, workload));
  if (!opening.built.has(preset.name)) await build(lab, preset, context);
  opening.built.add(preset.name);
  const subject =
    spec.kind === 'preset'
      ? await presetSubject(lab, preset)
      : await withAllocator(spec, lab, preset, context);
  return { label: nameOf(spec), lab, preset, subject };
}

type AllocatorSpec = Extract<SideSpec, { kind: 'allocator' | 'library' }>;

function nameOf(spec: AllocatorSpec | Extract<SideSpec, { kind: 'preset' }>): string {
  return spec.kind === 'library' ? path.basename(spec.file) : spec.name;
}

/** A build of the benchmark with this allocator, or else the library preloaded into the build with libc's. */
async function withAllocator(
  spec: AllocatorSpec,
  lab: LoadedLab,
  preset: Preset,
  context: TaskContext,
): Promise<Subject> {
  if (spec.kind === 'allocator' && preset.rivals['system'] !== undefined)
    return competitorSubject(lab, preset, spec.name === 'glibc' ? 'system' : spec.name, context);
  const base = await presetSubject(lab, preset);
  const system = preset.rivals['system'];
  return preloaded(
    spec,
    system === undefined ? base : { ...base, program: await resolveProgram(lab, system) },
    context,
  );
}

/** @throws LabError `tool-missing`, naming the package */
async function preloaded(spec: AllocatorSpec, subject: Subject, context: TaskContext): Promise<Subject> {
  if (spec.kind === 'allocator' && ['glibc', 'system'].includes(spec.name)) return subject;
  const known =
    spec.kind === 'library'
      ? spec
      : (await preloadLibraries(context)).find((one) => one.allocator === spec.name);
  const file = known?.file;
  if (file === undefined) {
    throw new LabError('tool-missing', `${nameOf(spec)} isn't installed.`, {
      remedy: installRemedy(nameOf(spec)),
    });
  }
  return { ...subject, allocator: nameOf(spec), environment: { ...subject.environment, LD_PRELOAD: file } };
}

/** The preset that was asked for, or the lab's first. */
function presetOf(lab: LoadedLab, { preset }: Workload): string {
  const name = preset ?? lab.definition.presets[0]?.name;
  if (name !== undefined) return name;
  throw new LabError('side-unknown', 'There is nothing to run commits and allocators with.', {
    detail: 'This folder has no lab file with presets.',
    remedy: { text: 'Specify a preset with --preset, or a command with --command.' },
  });
}

async function commandSide(command: string, lab: LoadedLab): Promise<Side> {
  const { program, args, environment, stdin } = parseCommandLine(command);
  const file = await resolveCommand(program);
  const name = path.basename(program).replace(/[^\w.+-]/g, '_') || 'command';
  const cwd = process.cwd();
  return {
    label: command,
    lab: { ...lab, folder: cwd },
    preset: presetSchema.parse({ name, program: file, args: [...args], environment }),
    subject: {
      allocator: '',
      program: file,
      args,
      environment,
      cwd,
      ...(stdin === undefined ? {} : { stdin: path.resolve(stdin) }),
    },
  };
}
