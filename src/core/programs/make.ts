import { chmod, lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { BuildError, runBuild } from '../build/build.js';
import type { TaskContext } from '../context.js';
import { execute, isNotFound } from '../process/childProcess.js';
import { missingTool } from '../process/tools.js';
import { shellWord } from '../../text/shellWord.js';
import type { BuildSystem, ProjectPlace } from './buildSystem.js';
import { noTarget } from './cmake.js';
import { configureCopy, makeMarkers } from './configure.js';
import { programsInPlan } from './makePlan.js';
import { programsIn } from './programFiles.js';
import { copyOf, copySources } from './sourceCopy.js';

const profilingFlags = ['-g', '-fno-omit-frame-pointer'];
const compiler = /^(?:[\w-]+-)?(?:cc|gcc|g\+\+|c\+\+|clang|clang\+\+)(?:-\d+)?$/;

/**
 * Make builds inside its own folder. To leave that as it is, the sources are built in a copy, by the user's compilers with
 * flags for profiling added; debug information names the originals. The copy is also configured where that comes first.
 */
export const make: BuildSystem = {
  name: 'make',
  title: 'Make',
  markers: makeMarkers,
  advice: "make CFLAGS='-O2 -g -fno-omit-frame-pointer' CXXFLAGS='-O2 -g -fno-omit-frame-pointer'",
  async targets(place, context) {
    const environment = await prepareCopy(place, context);
    context.progress('Looking for programs…');
    const names = new Set([
      ...(await programsIn(copyOf(place))),
      ...((await plannedPrograms(place, [], environment, context)) ?? []),
    ]);
    // Where nothing tells what a build makes, what it has made does; something else of the project, such as its
    // documentation, may fail after that.
    if (names.size === 0) {
      const failure = await buildAll(place, environment, context).catch((error: unknown) => {
        if (error instanceof BuildError) return error;
        throw error;
      });
      for (const name of await programsIn(copyOf(place))) names.add(name);
      if (failure && names.size === 0) throw failure;
    }
    return [...names].sort().map((name) => ({ name, sources: [] }));
  },
  async build(place, target, context) {
    const environment = await prepareCopy(place, context);
    const goal = await goalOf(place, target, environment, context);
    const isBuilt = async () => (await programsIn(copyOf(place))).includes(target);
    // A goal may need what only the whole build makes before it, such as a library of another folder.
    const built =
      goal.length > 0 && (await buildsAlone(place, goal, environment, context)) && (await isBuilt());
    if (!built) await buildAll(place, environment, context);
    if (!(await isBuilt())) throw noTarget(target);
    return path.join(copyOf(place), target);
  },
};

/** @returns the environment to build the copy in */
async function prepareCopy(place: ProjectPlace, context: TaskContext): Promise<Record<string, string>> {
  context.progress('Copying sources…');
  await copySources(place, context);
  const bin = await writeCompilers(place);
  const environment = { PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` };
  await configureCopy(place, environment, context);
  return environment;
}

/**
 * What make would link for a goal, or by default. Undefined where it can't tell without building, or has no such goal.
 * @param goal arguments: the folder, and the goal in it
 */
async function plannedPrograms(
  place: ProjectPlace,
  goal: readonly string[],
  environment: Record<string, string>,
  context: TaskContext,
): Promise<string[] | undefined> {
  const plan = await planOf(place, goal, environment, context);
  return plan === undefined ? undefined : programsInPlan(plan, copyOf(place));
}

async function planOf(
  place: ProjectPlace,
  goal: readonly string[],
  environment: Record<string, string>,
  context: TaskContext,
): Promise<string | undefined> {
  const { stdout, exitCode } = await execute('make', ['--dry-run', '--print-directory', ...goal], {
    cwd: copyOf(place),
    env: { ...environment, LC_ALL: 'C' },
    signal: context.signal,
  }).catch((error: unknown) => {
    if (isNotFound(error)) throw missingTool('make', error);
    throw error;
  });
  return exitCode === 0 ? stdout : undefined;
}

/**
 * What to ask make for: only the program, where a Makefile has a goal that links this very file; a whole project may take
 * many times as long. Empty otherwise: whatever make does by default.
 */
async function goalOf(
  place: ProjectPlace,
  target: string,
  environment: Record<string, string>,
  context: TaskContext,
): Promise<readonly string[]> {
  const folder = copyOf(place);
  for (const goal of await goalsFor(place, target)) {
    const plan = await planOf(place, goal, environment, context);
    if (plan === undefined) continue;
    const [, inside, name] = goal;
    const isFile = path.resolve(folder, inside ?? '', name ?? '') === path.resolve(folder, target);
    // What is up to date isn't linked again; of a file without a rule make says that nothing is to be done.
    const isUpToDate = isFile && /[`'](.*)' is up to date\./.exec(plan)?.[1] === name;
    if (isUpToDate || programsInPlan(plan, folder).includes(target)) return goal;
  }
  return [];
}

/** The name of a program and its path, as goals of each Makefile around it; the innermost first. */
async function goalsFor(place: ProjectPlace, target: string): Promise<string[][]> {
  const goals: string[][] = [];
  let folder = path.dirname(target);
  for (;;) {
    if (await isFile(path.join(copyOf(place), folder, 'Makefile'))) {
      const names = new Set([path.relative(folder, target), path.basename(target)]);
      // Of make's own notation: options, variables, and patterns.
      for (const name of names) if (!/^-|[=%:$\s]/.test(name)) goals.push(['-C', folder, name]);
    }
    if (folder === '.') return goals;
    folder = path.dirname(folder);
  }
}

async function isFile(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined))?.isFile() ?? false;
}

async function buildCopy(
  place: ProjectPlace,
  args: readonly string[],
  environment: Record<string, string>,
  context: TaskContext,
): Promise<void> {
  context.progress('Building a copy for profiling…');
  const { folder } = place;
  await runBuild(
    { command: 'make', args, cwd: copyOf(place), environment, name: path.basename(folder) },
    context,
  );
}

const parallel = `-j${os.availableParallelism()}`;

async function buildAll(
  place: ProjectPlace,
  environment: Record<string, string>,
  context: TaskContext,
): Promise<void> {
  try {
    await buildCopy(place, [parallel], environment, context);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    // Many a Makefile doesn't say what has to be there first, and builds one after another only.
    await buildCopy(place, [], environment, context);
  }
}

/** @returns whether a goal can be built without the rest */
async function buildsAlone(
  place: ProjectPlace,
  goal: readonly string[],
  environment: Record<string, string>,
  context: TaskContext,
): Promise<boolean> {
  try {
    await buildCopy(place, [parallel, ...goal], environment, context);
    return true;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    return false;
  }
}

/** Scripts named like the compilers on PATH, which add the flags behind those of the Makefile. */
async function writeCompilers(place: ProjectPlace): Promise<string> {
  const bin = path.join(place.buildFolder, 'bin');
  await rm(bin, { recursive: true, force: true });
  await mkdir(bin, { recursive: true });
  const map = `-ffile-prefix-map=${copyOf(place)}=${place.folder}`;
  const flags = [...profilingFlags, map].map(shellWord).join(' ');
  const seen = new Set<string>();
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    for (const name of await readdir(folder || '.').catch(() => [])) {
      if (seen.has(name) || !compiler.test(name)) continue;
      seen.add(name);
      const script = path.join(bin, name);
      await writeFile(script, `#!/bin/sh\nexec ${shellWord(path.join(folder, name))} "$@" ${flags}\n`);
      await chmod(script, 0o755);
    }
  }
  return bin;
}
