import path from 'node:path';
import * as z from '../zod.js';
import { runBuild } from '../build/build.js';
import type { TaskContext } from '../context.js';
import { exists } from '../files.js';
import type { BuildSystem, BuildTarget, ProjectPlace } from './buildSystem.js';
import { noTarget } from './cmake.js';
import { mesonOptions } from './mesonOptions.js';

const profilingFlags = '-fno-omit-frame-pointer';

/** Meson, "IDE integration": `meson introspect --targets` and `--tests`. */
const targetList = z.array(
  z.object({
    name: z.string(),
    id: z.string(),
    type: z.string(),
    filename: z.array(z.string()),
    target_sources: z.optional(z.array(z.object({ sources: z.optional(z.array(z.string())) }))),
  }),
);
const testList = z.array(
  z.object({
    name: z.string(),
    cmd: z.array(z.string()).check(z.minLength(1)),
    env: z.optional(z.union([z.record(z.string(), z.string()), z.array(z.string())])),
    workdir: z.optional(z.nullable(z.string())),
    depends: z.optional(z.array(z.string())),
  }),
);

interface Executable extends BuildTarget {
  readonly file: string;
  readonly id: string;
}

export const meson: BuildSystem = {
  name: 'meson',
  title: 'Meson',
  markers: ['meson.build'],
  advice: `meson setup --buildtype=debugoptimized -Dc_args=${profilingFlags} -Dcpp_args=${profilingFlags}`,
  async targets(place, context) {
    await configure(place, context);
    return executables(place, context);
  },
  async build(place, target, context) {
    await configure(place, context);
    const found = (await executables(place, context)).find(({ name }) => name === target);
    if (!found) throw noTarget(target);
    await compile(place, found, context);
    return found.file;
  },
  async tests(place, filter, context) {
    await configure(place, context);
    const all = await executables(place, context);
    const listed = testList.parse(await introspect(place, '--tests', context));
    const matching = listed.filter(({ name }) => filter.test(name));
    for (const { cmd } of matching) {
      const target = all.find(({ file }) => file === cmd[0]);
      if (target) await compile(place, target, context);
    }
    return matching.map(({ name, cmd, env, workdir }) => ({
      name,
      command: cmd,
      cwd: workdir ?? place.buildFolder,
      environment: Array.isArray(env) ? {} : (env ?? {}),
    }));
  },
};

async function configure({ folder, buildFolder }: ProjectPlace, context: TaskContext): Promise<void> {
  if (await exists(path.join(buildFolder, 'build.ninja'))) return;
  context.progress('Configuring for profiling…');
  await runBuild(
    {
      command: 'meson',
      args: [
        'setup',
        buildFolder,
        folder,
        '--buildtype=debugoptimized',
        ...(await mesonOptions(folder, profilingFlags)),
      ],
      cwd: folder,
      name: path.basename(folder),
    },
    context,
  );
}

async function compile(place: ProjectPlace, { file, name }: Executable, context: TaskContext): Promise<void> {
  context.progress(`Building ${name}…`);
  // Names of targets may repeat in different folders; files don't.
  const output = path.relative(place.buildFolder, file);
  await runBuild(
    { command: 'ninja', args: ['-C', place.buildFolder, output], cwd: place.buildFolder, name },
    context,
  );
}

async function executables(place: ProjectPlace, context: TaskContext): Promise<Executable[]> {
  const listed = targetList.parse(await introspect(place, '--targets', context));
  return listed.flatMap(({ name, id, type, filename: [file], target_sources = [] }) =>
    type === 'executable' && file !== undefined
      ? [{ name, id, file, sources: target_sources.flatMap(({ sources = [] }) => sources) }]
      : [],
  );
}

async function introspect(
  { buildFolder }: ProjectPlace,
  what: string,
  context: TaskContext,
): Promise<unknown> {
  const { stdout } = await runBuild(
    { command: 'meson', args: ['introspect', what, buildFolder], cwd: buildFolder, name: 'the project' },
    { ...context, log: () => undefined },
  );
  return JSON.parse(stdout);
}
