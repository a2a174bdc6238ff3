import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BuildError } from '../../../src/core/build/build.js';
import { folderLab } from '../../../src/core/lab/folderLab.js';
import type { LabError } from '../../../src/core/labError.js';
import { Laboratory } from '../../../src/core/laboratory.js';
import { defaultRecordOptions } from '../../../src/core/perf/options.js';
import { inspectProgram } from '../../../src/core/programs/inspect.js';
import {
  buildStepOf,
  buildTarget,
  buildTests,
  findProjects,
  listTargets,
  type Project,
} from '../../../src/core/programs/projects.js';
import { toDocument } from '../../../src/views/toDocument.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';
import { recordingContext, root } from '../support/fixtures.js';

const fixtures = path.join(root, 'test/fixtures/projects');
const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8' });

/** A copy of a project under version control, so that every change to it is seen. */
function copyProject(name: string): string {
  const folder = path.join(realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-project-'))), name);
  cpSync(path.join(fixtures, name), folder, { recursive: true });
  git(folder, 'init', '-q');
  git(folder, 'add', '-A');
  git(folder, '-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '-qm', 'x');
  return folder;
}

describe.each([
  { name: 'cmake', source: 'sum.c', test: 'sums.many' },
  { name: 'make', source: 'sum.c', test: undefined },
  { name: 'meson', source: 'sum.c', test: 'sums.many' },
  { name: 'cargo', source: 'src/main.rs', test: 'tests::many_sums' },
])('a project built with $name', ({ name, source, test }) => {
  let folder: string;
  let project: Project | undefined;
  beforeAll(async () => {
    folder = copyProject(name);
    [project] = await findProjects(folder);
  });
  afterAll(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

  it('is recognized by its files', () => {
    expect(project?.system.name).toBe(name);
    expect(project?.place.folder).toBe(folder);
  });

  it('leads from its targets to annotated lines, and stays as it was', async () => {
    if (!project) return expect.unreachable();
    const targets = await listTargets(project, recordingContext());
    const names = targets.map((target) => target.name);
    expect(names).toEqual(['sums']);
    const program = await buildTarget(project, 'sums', recordingContext());
    const step = buildStepOf(folder, program);
    if (name === 'cmake' || name === 'meson') {
      // What a preset of the program is built with.
      execFileSync(step?.command ?? '', step?.args ?? [], { cwd: folder });
    } else expect(step).toBeUndefined();
    expect(await inspectProgram(program)).toEqual({ debugInformation: false, framePointers: false });
    const laboratory = new Laboratory(folderLab(folder));
    const { profile } = await laboratory.record(
      { kind: 'program', program, args: ['200000'], cwd: folder },
      defaultRecordOptions,
      recordingContext(),
    );
    const { functions } = toDocument(ofEvent(profile), laboratory.classifier, null);
    const hottest = functions.find((one) => /\bsum\b/.test(one.name));
    expect(hottest?.file).toBe(path.join(folder, source));
    expect(hottest?.selfPercent).toBeGreaterThan(50);
    // The only trace is a folder that ignores itself.
    expect(git(folder, 'status', '--porcelain')).toBe('');
    const before = readdirSync(path.join(fixtures, name)).sort();
    expect(readdirSync(folder).sort()).toEqual(['.git', '.hakmem-lab', ...before].sort());
  }, 120_000);

  it('tells how its tests run', async () => {
    if (!project) return expect.unreachable();
    const tests = await buildTests(project, /many/, recordingContext());
    expect(tests.map((one) => one.name)).toEqual(test === undefined ? [] : [test]);
    if (test === undefined) return;
    const [program = ''] = tests[0]?.command ?? [];
    expect(existsSync(program)).toBe(true);
    if (name !== 'cargo') expect(tests[0]?.environment).toEqual({ SUMS: 'many' });
  }, 120_000);
});

describe('the tests of a project that was never built', () => {
  it.each(['cmake', 'meson'])('are found and built with %s, also in folders below', async (system) => {
    const folder = copyProject(system);
    try {
      const lists = path.join(folder, system === 'cmake' ? 'CMakeLists.txt' : 'meson.build');
      const below = path.join(folder, 'below');
      mkdirSync(below);
      const [enter, test] =
        system === 'cmake'
          ? ['add_subdirectory(below)', 'add_test(NAME deep.one COMMAND sums 3)']
          : ["subdir('below')", "test('deep.one', sums, args: ['3'])"];
      writeFileSync(lists, `${readFileSync(lists, 'utf8')}\n${enter}\n`);
      writeFileSync(path.join(below, path.basename(lists)), `${test}\n`);
      const [project] = await findProjects(folder);
      if (!project) return expect.unreachable();
      const [found, ...others] = await buildTests(project, /deep/, recordingContext());
      expect(others).toEqual([]);
      expect([found?.name, found?.command[1]]).toEqual(['deep.one', '3']);
      expect(existsSync(found?.command[0] ?? '')).toBe(true);
    } finally {
      rmSync(path.dirname(folder), { recursive: true, force: true });
    }
  });
});

describe('a CMake project that the user builds elsewhere', () => {
  it('is configured alike, in a folder of its own that follows theirs', async () => {
    const folder = copyProject('cmake');
    try {
      const lists = path.join(folder, 'CMakeLists.txt');
      const option =
        'option(EXTRA "x" OFF)\nif(EXTRA)\nadd_executable(extra main.c)\ntarget_link_libraries(extra sum)\nendif()';
      writeFileSync(lists, `${readFileSync(lists, 'utf8')}\n${option}\n`);
      const like = path.join(path.dirname(folder), 'theirs');
      const configure = (...args: string[]) =>
        execFileSync('cmake', ['-S', folder, '-B', like, '-G', 'Unix Makefiles', ...args]);
      configure('-DEXTRA=ON', '-DNOTE=a]=]b ${HOME}', '-DCMAKE_BUILD_TYPE=Debug');
      const [found] = await findProjects(folder);
      if (!found) return expect.unreachable();
      const project = { ...found, place: { ...found.place, like } };
      const before = readFileSync(path.join(like, 'CMakeCache.txt'), 'utf8');
      const names = async () =>
        (await listTargets(project, recordingContext())).map(({ name }) => name).sort();
      expect(await names()).toEqual(['extra', 'sums']);
      const cache = () => readFileSync(path.join(project.place.buildFolder, 'CMakeCache.txt'), 'utf8');
      expect(cache()).toContain('CMAKE_GENERATOR:INTERNAL=Unix Makefiles');
      expect(cache()).toContain('CMAKE_BUILD_TYPE:STRING=RelWithDebInfo');
      expect(cache()).toContain('=a]=]b ${HOME}\n');
      expect(readFileSync(path.join(like, 'CMakeCache.txt'), 'utf8')).toBe(before);
      // Another generator needs another folder.
      rmSync(like, { recursive: true });
      execFileSync('cmake', ['-S', folder, '-B', like, '-G', 'Ninja', '-DEXTRA=OFF']);
      expect(await names()).toEqual(['sums']);
      expect(cache()).toContain('CMAKE_GENERATOR:INTERNAL=Ninja');
    } finally {
      rmSync(path.dirname(folder), { recursive: true, force: true });
    }
  });
});

describe('canceling', () => {
  /** A project whose configuration or whose build waits forever, in a child of cmake that says its process. */
  const slowProject = (waiting: 'configure' | 'build') => {
    const folder = copyProject('cmake');
    const pidFile = path.join(path.dirname(folder), 'pid');
    writeFileSync(path.join(path.dirname(folder), 'wait.sh'), `echo $$ > ${pidFile}\nexec sleep 1000\n`);
    const wait = `COMMAND sh ${path.join(path.dirname(folder), 'wait.sh')}`;
    const more =
      waiting === 'configure'
        ? `execute_process(${wait})`
        : `add_custom_command(TARGET sums PRE_LINK ${wait})`;
    const lists = path.join(folder, 'CMakeLists.txt');
    writeFileSync(lists, `${readFileSync(lists, 'utf8')}\n${more}\n`);
    git(folder, '-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '-qam', 'y');
    return { folder, pidFile };
  };
  const until = async (what: () => boolean) => {
    while (!what()) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  it.each(['configure', 'build'] as const)(
    'a %s by CMake leaves no process and no change',
    async (waiting) => {
      const { folder, pidFile } = slowProject(waiting);
      try {
        const [project] = await findProjects(folder);
        if (!project) return expect.unreachable();
        const controller = new AbortController();
        const context = { ...recordingContext(), signal: controller.signal };
        const building = buildTarget(project, 'sums', context);
        const refused = expect(building).rejects.toMatchObject({ code: 'canceled' });
        await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'));
        const pid = readFileSync(pidFile, 'utf8').trim();
        expect(existsSync(`/proc/${pid}`)).toBe(true);
        controller.abort();
        await refused;
        await until(() => !existsSync(`/proc/${pid}`));
        expect(git(folder, 'status', '--porcelain')).toBe('');
        // Nothing that was left half done is in the way of the next attempt.
        const lists = path.join(folder, 'CMakeLists.txt');
        writeFileSync(lists, readFileSync(path.join(fixtures, 'cmake/CMakeLists.txt')));
        expect(existsSync(await buildTarget(project, 'sums', recordingContext()))).toBe(true);
      } finally {
        rmSync(path.dirname(folder), { recursive: true, force: true });
      }
    },
  );
});

describe('the copy that make builds in', () => {
  it('builds only the program that is profiled, where the Makefile has a goal of its name', async () => {
    const folder = copyProject('make');
    try {
      const more = readFileSync(path.join(folder, 'Makefile'), 'utf8');
      const all = 'all: sums below/other\nbelow/other: main.c sum.c\n\tmkdir -p below && $(CC) -o $@ $^\n';
      writeFileSync(path.join(folder, 'Makefile'), `${all}other:\n\ttouch elsewhere\n${more}`);
      const [project] = await findProjects(folder);
      if (!project) return expect.unreachable();
      const copy = path.join(project.place.buildFolder, 'copy');
      // Also when it is up to date.
      for (const time of ['built', 'again']) {
        expect(await buildTarget(project, 'sums', recordingContext())).toBe(path.join(copy, 'sums'));
        expect(existsSync(path.join(copy, 'below/other')), time).toBe(false);
      }
      // In the folder whose Makefile links it, by its path there.
      mkdirSync(path.join(folder, 'sub'));
      writeFileSync(
        path.join(folder, 'sub/Makefile'),
        'obj/flags/prog: ../main.c ../sum.c\n\tmkdir -p obj/flags && $(CC) -o $@ $^\n',
      );
      expect(await buildTarget(project, 'sub/obj/flags/prog', recordingContext())).toBe(
        path.join(copy, 'sub/obj/flags/prog'),
      );
      expect(existsSync(path.join(copy, 'below/other'))).toBe(false);
      // A goal of its name that makes something else doesn't count.
      const other = await buildTarget(project, 'below/other', recordingContext());
      expect([other, existsSync(path.join(copy, 'elsewhere'))]).toEqual([
        path.join(copy, 'below/other'),
        false,
      ]);
    } finally {
      rmSync(path.dirname(folder), { recursive: true, force: true });
    }
  }, 60_000);

  it.each([
    { kind: 'Makefile.in', files: ['Makefile.in'] },
    { kind: 'GNUmakefile that only asks for it', files: ['Makefile.in', 'GNUmakefile'] },
  ])('is configured first, where there is no Makefile but a $kind', async ({ files }) => {
    const folder = copyProject('make');
    try {
      const script =
        '#!/bin/sh\n# --enable-shared\necho "$@" > options\nsed "s/@CC@/${CC:-cc}/" Makefile.in > Makefile\n';
      writeFileSync(path.join(folder, 'configure'), script, { mode: 0o755 });
      const makefile = readFileSync(path.join(folder, 'Makefile'), 'utf8').replaceAll('$(CC)', '@CC@');
      rmSync(path.join(folder, 'Makefile'));
      for (const file of files)
        writeFileSync(
          path.join(folder, file),
          file === 'Makefile.in'
            ? makefile
            : 'ifneq ($(wildcard Makefile),)\ninclude Makefile\nelse\nall:\n\tfalse\nendif\n',
        );
      const [project] = await findProjects(folder);
      if (!project) return expect.unreachable();
      expect((await listTargets(project, recordingContext())).map(({ name }) => name)).toEqual(['sums']);
      const program = await buildTarget(project, 'sums', recordingContext());
      expect(path.basename(program)).toBe('sums');
      expect(readFileSync(path.join(path.dirname(program), 'options'), 'utf8')).toBe('--disable-shared\n');
      // The project stays as it was.
      expect(readdirSync(folder)).not.toContain('Makefile');
      expect(readdirSync(folder)).not.toContain('options');
      const lacking = { debugInformation: false, framePointers: false };
      expect(await inspectProgram(program)).toEqual(lacking);
    } finally {
      rmSync(path.dirname(folder), { recursive: true, force: true });
    }
  });

  it('builds everything where the goal needs what only the whole build makes, and says why that fails', async () => {
    const folder = copyProject('make');
    try {
      const makefile = [
        'all: libsum.a sums',
        'libsum.a: sum.c',
        '\t$(CC) -c -o sum.o $< && ar rcs $@ sum.o',
        'sums: main.c',
        '\t$(CC) -o $@ $^ -L. -lsum',
        '',
      ].join('\n');
      writeFileSync(path.join(folder, 'Makefile'), `.NOTPARALLEL:\n${makefile}`);
      const [project] = await findProjects(folder);
      if (!project) return expect.unreachable();
      const copy = path.join(project.place.buildFolder, 'copy');
      expect(await buildTarget(project, 'sums', recordingContext())).toBe(path.join(copy, 'sums'));
      writeFileSync(path.join(folder, 'Makefile'), makefile.replace('-lsum', '-lnone'));
      rmSync(path.join(copy, 'sums'));
      const error = await buildTarget(project, 'sums', recordingContext()).catch(
        (e: unknown) => e as LabError,
      );
      if (typeof error === 'string') return expect.unreachable();
      expect(error.detail).toMatch(/^\S*ld: cannot find -lnone/);
    } finally {
      rmSync(path.dirname(folder), { recursive: true, force: true });
    }
  }, 60_000);

  it('lists and builds programs of a project of which something else fails', async () => {
    const folder = copyProject('make');
    try {
      // A plan that make can't print, and documentation that can't be built.
      const makefile = readFileSync(path.join(folder, 'Makefile'), 'utf8');
      const broken = 'all: sums\n\t+test -x sums\n\t$(MAKE) -C . manual\nmanual: manual.in\n';
      writeFileSync(path.join(folder, 'Makefile'), `${broken}${makefile}`);
      const [project] = await findProjects(folder);
      if (!project) return expect.unreachable();
      expect((await listTargets(project, recordingContext())).map(({ name }) => name)).toEqual(['sums']);
      const source = path.join(folder, 'sum.c');
      writeFileSync(source, readFileSync(source, 'utf8').replace('{', '{ /* edited */'));
      const built = await buildTarget(project, 'sums', recordingContext());
      const before = statSync(built).mtimeMs;
      writeFileSync(source, `${readFileSync(source, 'utf8')}int other;\n`);
      expect(statSync(await buildTarget(project, 'sums', recordingContext())).mtimeMs).toBeGreaterThan(
        before,
      );
      writeFileSync(source, 'not C');
      await expect(buildTarget(project, 'sums', recordingContext())).rejects.toBeInstanceOf(BuildError);
    } finally {
      rmSync(path.dirname(folder), { recursive: true, force: true });
    }
  });

  it('builds what only builds one after another', async () => {
    const folder = copyProject('make');
    try {
      const makefile = readFileSync(path.join(folder, 'Makefile'), 'utf8');
      writeFileSync(
        path.join(folder, 'Makefile'),
        `all: header sums\nheader:\n\tsleep 1; touch late.h\n${makefile}`,
      );
      const main = path.join(folder, 'main.c');
      writeFileSync(main, `#include "late.h"\n${readFileSync(main, 'utf8')}`);
      const [project] = await findProjects(folder);
      if (!project) return expect.unreachable();
      const program = await buildTarget(project, 'sums', recordingContext());
      expect(program).toBe(path.join(project.place.buildFolder, 'copy/sums'));
    } finally {
      rmSync(path.dirname(folder), { recursive: true, force: true });
    }
  }, 60_000);

  it('follows the sources: what is gone there is gone here, and a build of the user is not taken over', async () => {
    const folder = copyProject('make');
    try {
      writeFileSync(path.join(folder, 'extra.c'), 'int extra;\n');
      execFileSync('make', ['-s'], { cwd: folder });
      const own = readFileSync(path.join(folder, 'sums'));
      const [project] = await findProjects(folder);
      if (!project) return expect.unreachable();
      const copy = path.join(project.place.buildFolder, 'copy');
      const program = await buildTarget(project, 'sums', recordingContext());
      expect((await inspectProgram(program))?.debugInformation).toBe(false);
      expect((await inspectProgram(path.join(folder, 'sums')))?.debugInformation).toBe(true);
      expect(existsSync(path.join(copy, 'extra.c'))).toBe(true);
      rmSync(path.join(folder, 'extra.c'));
      await buildTarget(project, 'sums', recordingContext());
      expect(existsSync(path.join(copy, 'extra.c'))).toBe(false);
      expect(readFileSync(path.join(folder, 'sums')).equals(own)).toBe(true);
    } finally {
      rmSync(path.dirname(folder), { recursive: true, force: true });
    }
  }, 60_000);
});
