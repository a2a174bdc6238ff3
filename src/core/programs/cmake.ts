import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as z from '../zod.js';
import { readRegularText } from '../files.js';
import { runBuild } from '../build/build.js';
import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import { findCommand } from '../process/tools.js';
import type { BuildSystem, BuildTarget, ProjectPlace, ProjectTest } from './buildSystem.js';
import { readConfiguration } from './cmakeCache.js';

/** Optimized as a release, with what a profile needs. */
const profilingFlags = '-O2 -g -DNDEBUG -fno-omit-frame-pointer';
const client = 'client-hakmem-lab';

/** cmake-file-api(7), "codemodel" version 2. */
const codemodel = z.object({
  configurations: z
    .array(z.object({ targets: z.array(z.object({ name: z.string(), jsonFile: z.string() })) }))
    .check(z.minLength(1)),
});
const targetObject = z.object({
  name: z.string(),
  type: z.string(),
  artifacts: z.optional(z.array(z.object({ path: z.string() }))),
  sources: z.optional(z.array(z.object({ path: z.string() }))),
});
const ctestList = z.object({
  tests: z.array(
    z.object({
      name: z.string(),
      command: z.optional(z.array(z.string())),
      properties: z.optional(z.array(z.object({ name: z.string(), value: z.unknown() }))),
    }),
  ),
});

interface Executable extends BuildTarget {
  readonly file: string;
}

export const cmake: BuildSystem = {
  name: 'cmake',
  title: 'CMake',
  markers: ['CMakeLists.txt'],
  advice: `cmake -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_FLAGS=-fno-omit-frame-pointer -DCMAKE_CXX_FLAGS=-fno-omit-frame-pointer`,
  async targets(place, context) {
    await configure(place, context);
    return executables(place);
  },
  async build(place, target, context) {
    await configure(place, context);
    const found = (await executables(place)).find(({ name }) => name === target);
    if (!found) throw noTarget(target);
    await buildTarget(place, target, context);
    return found.file;
  },
  async tests(place, filter, context) {
    await configure(place, context);
    const programs = await testPrograms(place.buildFolder, filter);
    const targets = (await executables(place)).filter(({ file }) => programs.has(file));
    for (const { name } of targets) await buildTarget(place, name, context);
    // Only now: ctest says nothing about tests whose programs don't exist.
    return (await listTests(place, context)).filter(({ name }) => filter.test(name));
  },
};

async function configure(place: ProjectPlace, context: TaskContext): Promise<void> {
  const { folder, buildFolder, like } = place;
  context.progress('Configuring for profiling…');
  const theirs = like === undefined ? undefined : await readConfiguration(like);
  let ours = await readConfiguration(buildFolder);
  if (theirs && ours && (theirs.toolchain !== ours.toolchain || theirs.generator !== ours.generator)) {
    // CMake can't change compilers or generators of a folder; this one is ours.
    await rm(buildFolder, { recursive: true, force: true });
    ours = undefined;
  }
  const generator = ours?.generator ?? theirs?.generator ?? (await defaultGenerator());
  const query = path.join(buildFolder, '.cmake/api/v1/query', client);
  await mkdir(query, { recursive: true });
  await writeFile(path.join(query, 'codemodel-v2'), '');
  const initial = path.join(buildFolder, 'initial-cache.cmake');
  if (theirs) await writeFile(initial, theirs.script);
  await runBuild(
    {
      command: 'cmake',
      args: [
        ...(theirs ? ['-C', initial] : []),
        '-S',
        folder,
        '-B',
        buildFolder,
        ...(ours || generator === undefined ? [] : ['-G', generator]),
        '-DCMAKE_BUILD_TYPE=RelWithDebInfo',
        ...(generator?.includes('Multi-Config') ? ['-DCMAKE_CONFIGURATION_TYPES=RelWithDebInfo'] : []),
        `-DCMAKE_C_FLAGS_RELWITHDEBINFO=${profilingFlags}`,
        `-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=${profilingFlags}`,
      ],
      cwd: folder,
      name: path.basename(folder),
    },
    context,
  );
}

/** Undefined for CMake's own choice. */
async function defaultGenerator(): Promise<string | undefined> {
  return process.env['CMAKE_GENERATOR'] ?? ((await findCommand('ninja')) ? 'Ninja' : undefined);
}

async function buildTarget(place: ProjectPlace, target: string, context: TaskContext): Promise<void> {
  context.progress(`Building ${target}…`);
  const jobs = String(os.availableParallelism());
  await runBuild(
    {
      command: 'cmake',
      args: ['--build', place.buildFolder, '--target', target, '--parallel', jobs],
      cwd: place.folder,
      name: target,
    },
    context,
  );
}

async function executables({ folder, buildFolder }: ProjectPlace): Promise<Executable[]> {
  const reply = path.join(buildFolder, '.cmake/api/v1/reply');
  const models = (await readdir(reply)).filter((name) => /^codemodel-v2-.*\.json$/.test(name)).sort();
  const [configuration] = codemodel.parse(
    await readJson(path.join(reply, models.at(-1) ?? '')),
  ).configurations;
  const found: Executable[] = [];
  for (const { jsonFile } of configuration?.targets ?? []) {
    const target = targetObject.parse(await readJson(path.join(reply, path.basename(jsonFile))));
    const artifact = target.artifacts?.[0]?.path;
    if (target.type !== 'EXECUTABLE' || artifact === undefined) continue;
    found.push({
      name: target.name,
      file: path.resolve(buildFolder, artifact),
      sources: (target.sources ?? []).map((source) => path.resolve(folder, source.path)),
    });
  }
  return found;
}

/** `add_test([=[name]=] "program" ...` and `subdirs("folder")`, as CMake writes them. */
const testLine =
  /^\s*(?:add_test\((?:\[(=*)\[(.*?)\]\1\]|"([^"]*)"|(\S+)) "([^"]+)"|subdirs\("?([^")]+)"?\))/gm;

/** The programs of the tests whose names match, from the files that ctest reads. */
async function testPrograms(folder: string, filter: RegExp, seen = new Set<string>()): Promise<Set<string>> {
  const found = new Set<string>();
  // Folders that name each other have no end.
  if (seen.has(folder)) return found;
  seen.add(folder);
  const text = await readRegularText(path.join(folder, 'CTestTestfile.cmake')).catch(() => '');
  for (const [, , bracketed, quoted, plain, program, inside] of text.matchAll(testLine)) {
    if (inside !== undefined) {
      for (const file of await testPrograms(path.resolve(folder, inside), filter, seen)) found.add(file);
    } else if (program !== undefined && filter.test(bracketed ?? quoted ?? plain ?? '')) found.add(program);
  }
  return found;
}

/** `ctest --show-only=json-v1`, the tests with the folder and the environment that ctest gives them. */
async function listTests({ buildFolder }: ProjectPlace, context: TaskContext): Promise<ProjectTest[]> {
  const { stdout } = await runBuild(
    { command: 'ctest', args: ['--show-only=json-v1'], cwd: buildFolder, name: 'the list of tests' },
    { ...context, log: () => undefined },
  );
  return ctestList.parse(JSON.parse(stdout)).tests.flatMap(({ name, command, properties = [] }) => {
    if (!command?.length) return [];
    const property = (wanted: string) => properties.find((one) => one.name === wanted)?.value;
    const cwd = property('WORKING_DIRECTORY');
    const variables = property('ENVIRONMENT');
    return [
      {
        name,
        command,
        cwd: typeof cwd === 'string' ? cwd : buildFolder,
        environment: Object.fromEntries(
          (Array.isArray(variables) ? variables : []).map((pair) => splitOnce(String(pair))),
        ),
      },
    ];
  });
}

function splitOnce(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readRegularText(file));
}

export function noTarget(target: string): LabError {
  return new LabError('program-missing', `The project has no program named ${target}.`, {
    remedy: { text: 'Choose another target, or reload the project.' },
  });
}
