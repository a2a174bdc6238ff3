import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from '../zod.js';
import { runBuild } from '../build/build.js';
import type { TaskContext } from '../context.js';
import { exists } from '../files.js';
import type { BuildSystem, BuildTarget, ProjectPlace } from './buildSystem.js';
import { noTarget } from './cmake.js';

/** `cargo metadata`, "packages". */
const metadata = z.object({
  packages: z.array(
    z.object({
      name: z.string(),
      targets: z.array(z.object({ name: z.string(), kind: z.array(z.string()), src_path: z.string() })),
    }),
  ),
});
/** `--message-format=json-render-diagnostics`, "Artifact messages". */
const artifact = z.object({
  reason: z.literal('compiler-artifact'),
  target: z.object({ name: z.string(), kind: z.array(z.string()) }),
  executable: z.string(),
});

const options = { bin: '--bin', example: '--example', bench: '--bench', test: '--test' } as const;
type Kind = keyof typeof options;

interface Program extends BuildTarget {
  readonly kind: Kind;
  readonly crate: string;
  readonly target: string;
}

/** What a profile needs, without a change to Cargo.toml. */
const environment = {
  CARGO_PROFILE_RELEASE_DEBUG: 'true',
  CARGO_PROFILE_RELEASE_STRIP: 'none',
  CARGO_PROFILE_BENCH_DEBUG: 'true',
  RUSTFLAGS: '-C force-frame-pointers=yes',
};

export const cargo: BuildSystem = {
  name: 'cargo',
  title: 'Cargo',
  markers: ['Cargo.toml'],
  advice: 'CARGO_PROFILE_RELEASE_DEBUG=true RUSTFLAGS="-C force-frame-pointers=yes" cargo build --release',
  targets: (place, context) => programs(place, context),
  async build(place, name, context) {
    const target = (await programs(place, context)).find((one) => one.name === name);
    if (!target) throw noTarget(name);
    const { crate, kind } = target;
    const [file] = await build(place, ['-p', crate, options[kind], target.target], 'build', context);
    if (file === undefined) throw noTarget(name);
    return file;
  },
  async tests(place, filter, context) {
    const files = await build(place, [], 'test', context);
    const found = [];
    for (const file of files) {
      const { stdout } = await runBuild(
        {
          command: file,
          args: ['--list', '--format', 'terse'],
          cwd: place.folder,
          name: 'the list of tests',
        },
        { ...context, log: () => undefined },
      );
      for (const [, name = ''] of stdout.matchAll(/^(.*): (?:test|benchmark)$/gm)) {
        if (!filter.test(name)) continue;
        found.push({ name, command: [file, '--exact', name], cwd: place.folder, environment: {} });
      }
    }
    return found;
  },
};

async function programs({ folder }: ProjectPlace, context: TaskContext): Promise<Program[]> {
  const { stdout } = await runBuild(
    {
      command: 'cargo',
      args: ['metadata', '--no-deps', '--format-version', '1'],
      cwd: folder,
      name: path.basename(folder),
    },
    { ...context, log: () => undefined },
  );
  const { packages } = metadata.parse(JSON.parse(stdout));
  return packages.flatMap(({ name: crate, targets }) =>
    targets.flatMap(({ name, kind: [first], src_path }) => {
      const kind = first as Kind | undefined;
      if (kind === undefined || !(kind in options)) return [];
      const shown = kind === 'bin' ? name : `${name} (${kind})`;
      return [{ name: shown, crate, kind, target: name, sources: [src_path] }];
    }),
  );
}

/** @returns the executables. A Cargo.lock that wasn't there is removed again: the project stays as it is. */
async function build(
  { folder, buildFolder }: ProjectPlace,
  what: readonly string[],
  command: 'build' | 'test',
  context: TaskContext,
): Promise<string[]> {
  context.progress(`Building ${what.at(-1) ?? 'the tests'}…`);
  const lock = path.join(folder, 'Cargo.lock');
  const locked = await exists(lock);
  try {
    const { stdout } = await runBuild(
      {
        command: 'cargo',
        args: [
          command,
          ...(command === 'test' ? ['--no-run'] : []),
          '--release',
          '--message-format=json-render-diagnostics',
          '--target-dir',
          buildFolder,
          ...what,
        ],
        cwd: folder,
        environment,
        name: path.basename(folder),
      },
      // Its standard output is for programs.
      { ...context, log: (line) => (line.startsWith('{') ? undefined : context.log(line)) },
    );
    return stdout.split('\n').flatMap((line) => {
      if (!line.startsWith('{')) return [];
      const parsed = artifact.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data.executable] : [];
    });
  } finally {
    if (!locked) await rm(lock, { force: true });
  }
}
