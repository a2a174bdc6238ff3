import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { BuildError } from '../../../src/core/build/build.js';
import { buildTarget, findProjects, listTargets } from '../../../src/core/programs/projects.js';
import { recordingContext, root } from '../support/fixtures.js';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** The error of a project of the fixtures after one of its files was changed. */
async function errorOf(name: string, file: string, change: (text: string) => string): Promise<BuildError> {
  const parent = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-project-')));
  folders.push(parent);
  const folder = path.join(parent, name);
  cpSync(path.join(root, 'test/fixtures/projects', name), folder, { recursive: true });
  const changed = path.join(folder, file);
  writeFileSync(changed, change(readFileSync(changed, 'utf8')));
  if (change === withSubmodule) {
    mkdirSync(path.join(folder, 'third_party/library'), { recursive: true });
    const entry = '[submodule "library"]\n\tpath = third_party/library\n\turl = https://example.com/x.git\n';
    writeFileSync(path.join(folder, '.gitmodules'), entry);
  }
  const [project] = await findProjects(folder);
  if (!project) return expect.unreachable();
  const error = await listTargets(project, recordingContext())
    .then(([target]) => buildTarget(project, target?.name ?? '', recordingContext()))
    .catch((problem: unknown) => problem);
  if (!(error instanceof BuildError)) return expect.unreachable();
  return error;
}

const withSubmodule = (text: string) =>
  text.replace('add_exec', 'add_subdirectory(third_party/library)\nadd_exec');

/** What a failed build says first is what went wrong, and where. */
describe('the error of a failed build', () => {
  it.each([
    {
      system: 'cmake',
      file: 'CMakeLists.txt',
      change: (text: string) => text.replace('add_exec', 'find_package(Nonesuch REQUIRED)\nadd_exec'),
      why: /^CMakeLists\.txt:\d+: By not providing "FindNonesuch\.cmake".* CMake did not find one\.$/,
    },
    {
      system: 'cmake',
      file: 'sum.c',
      change: (text: string) => `${text}\nint broken(void) { return missing; }\n`,
      why: /^sum\.c:\d+: .*missing.* undeclared/,
    },
    {
      system: 'meson',
      file: 'meson.build',
      change: (text: string) => `${text}\ndependency('nonesuch')\n`,
      why: /^meson\.build:\d+: Dependency "nonesuch" not found/,
    },
    {
      system: 'cargo',
      file: 'src/main.rs',
      change: (text: string) => `${text}\nfn broken() -> u32 { missing }\n`,
      why: /^src\/main\.rs:\d+: cannot find value `missing` in this scope/,
    },
  ])('with $system names $file and its line', async ({ system, file, change, why }) => {
    const { detail, diagnostics, remedy } = await errorOf(system, file, change);
    expect(detail).toMatch(why);
    expect(diagnostics[0]?.file).toMatch(new RegExp(`^/.*/${file}$`));
    expect(remedy?.command).toBeUndefined();
  });

  it('with cargo says why a dependency is missing, not only which', async () => {
    const { detail } = await errorOf('cargo', 'Cargo.toml', (text) =>
      text.includes('[dependencies]')
        ? text.replace('[dependencies]', '[dependencies]\nnonesuch = { path = "nonesuch" }')
        : `${text}\n[dependencies]\nnonesuch = { path = "nonesuch" }\n`,
    );
    expect(detail).toMatch(
      /^error: failed to .*`nonesuch`.*: failed to read .*nonesuch\/Cargo\.toml.*: No such file/,
    );
    expect(detail).not.toContain('\n');
  });

  it('tells of submodules that were not fetched, and how to fetch them', async () => {
    const { detail, remedy } = await errorOf('cmake', 'CMakeLists.txt', withSubmodule);
    expect(detail).toMatch(
      /^CMakeLists\.txt:\d+: The source directory .*third_party\/library does not contain/,
    );
    expect(remedy?.text).toContain('The Git submodule third_party/library is empty.');
    expect(remedy?.command).toBe('git submodule update --init --recursive');
  });
});
