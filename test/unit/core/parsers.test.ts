import { describe, expect, it } from 'vitest';
import { parseLastLine } from '../../../src/core/bench/benchOutput.js';
import { checkExit } from '../../../src/core/process/childProcess.js';
import { parseCompilerOutput } from '../../../src/core/build/compilerOutput.js';
import { LabError } from '../../../src/core/labError.js';
import { containerOf, hasOwnDisk, parseStatus, type PerfFacts } from '../../../src/core/perf/machine.js';
import { isRefusal, notPermitted } from '../../../src/core/perf/perf.js';
import { parseProcess } from '../../../src/core/process/processes.js';
import { parsePerfStat } from '../../../src/core/perf/stat.js';
import { fixtureText } from '../support/fixtures.js';

describe('compiler output', () => {
  it('is read with severities, places and the folder that make entered', () => {
    const found = parseCompilerOutput(fixtureText('make-error.txt'));
    expect(found.map((d) => [d.severity, d.file, d.line, d.column])).toEqual([
      ['error', '/fixture/broken/bad.c', 3, 10],
      ['note', '/fixture/broken/bad.c', 3, 10],
      ['error', '/fixture/broken/bad.c', 3, 24],
      ['warning', '/fixture/broken/bad.c', 2, 7],
    ]);
    expect(found[0]?.message).toContain('undeclared');
  });

  const places = (text: string) =>
    parseCompilerOutput(text).map((d) => `${d.severity} ${d.file}:${d.line}:${d.column} ${d.message}`);

  it('of CMake is read with its paragraphs, and with the project’s own place', () => {
    expect(places(fixtureText('cmake-errors.txt'))).toEqual([
      'error CMakeLists.txt:3:1 The source directory /fixture/cmake/third_party/googletest does not contain a CMakeLists.txt file.',
      'error CMakeLists.txt:4:1 Could NOT find Boost (missing: Boost_INCLUDE_DIR)',
      'error CMakeLists.txt:4:1 By not providing "FindNonesuch.cmake" in CMAKE_MODULE_PATH this project has asked CMake to find a package configuration file provided by "Nonesuch", but CMake did not find one.',
    ]);
  });

  it('of Meson and of Rust is read', () => {
    expect(places(fixtureText('meson-error.txt'))).toEqual([
      'error meson.build:2:1 Dependency "nonesuch" not found, tried pkgconfig and cmake',
    ]);
    expect(places(fixtureText('cargo-errors.txt'))).toEqual([
      'error src/main.rs:1:25 mismatched types',
      'error src/main.rs:1:30 cannot find function `foo` in this scope',
    ]);
  });
});

describe('perf stat', () => {
  it('gives no value to what was not counted', () => {
    const stat = parsePerfStat(fixtureText('stat.csv'), 1000);
    expect(stat.unavailable.map((u) => u.event)).toEqual(['cycles:u', 'instructions:u']);
    expect(stat.counters.map((c) => c.event)).toEqual(['task-clock', 'page-faults:u', 'context-switches']);
    expect(stat.derived).toEqual({});
  });

  it('does not take the zero of a restricted event for a count', () => {
    const stat = parsePerfStat('0;;context-switches:u;1;100.00;;\n', null);
    expect(stat.counters).toEqual([]);
    expect(stat.unavailable[0]).toMatchObject({ event: 'context-switches' });
  });

  it('derives IPC and cost per operation where both sides were counted', () => {
    const counted = '398766361;;cycles:u;1;100.00;;\n1054643524;;instructions:u;1;100.00;;\n';
    const { derived } = parsePerfStat(counted, 1_000_000);
    expect(derived.ipc).toBeCloseTo(2.64, 2);
    expect(derived.cyclesPerOp).toBeCloseTo(398.77, 2);
    expect(derived.instructionsPerOp).toBeCloseTo(1054.64, 2);
    expect(parsePerfStat(counted, null).derived).toEqual({ ipc: expect.closeTo(2.64, 2) as number });
  });

  it('recognizes a refusal and says what to do about it', () => {
    const message = 'Error:\nAccess to performance monitoring and observability operations is limited.';
    expect(isRefusal(message)).toBe(true);
    const facts: PerfFacts = {
      root: false,
      paranoid: 4,
      capabilities: [],
      seccomp: false,
      container: undefined,
    };
    expect(notPermitted(message, facts).remedy?.command).toBe('sudo sysctl kernel.perf_event_paranoid=1');
    expect(notPermitted(message, facts).detail).toMatch(/paranoid is 4[^]*Access to performance/);
    const inDocker = { ...facts, paranoid: 1, seccomp: true, container: 'Docker' };
    expect(notPermitted(message, inDocker).remedy?.command).toMatch(/^docker run --cap-add PERFMON/);
    expect(notPermitted(message, { ...inDocker, container: 'Podman' }).remedy?.command).toMatch(/^podman/);
    expect(notPermitted(message, { ...inDocker, container: 'Kubernetes' }).remedy?.text).toMatch(
      /securityContext/,
    );
    const asKernel = notPermitted(message, { ...facts, paranoid: 2 }, 'kernel');
    expect(asKernel.message).toMatch(/measure kernel code/);
    expect(asKernel.remedy?.text).toMatch(/1 or less.*scope user/);
    expect(isRefusal('Workload failed: No such file or directory')).toBe(false);
  });
});

describe('perf stat with shared counters', () => {
  it('says how much of the time a counter ran, and gives none to what never ran', () => {
    const text =
      '900;;cycles:u;500;49.50;1.1;GHz\n<not counted>;;cache-misses:u;0;0.00;;\n5;;page-faults:u;9;100.00;;\n';
    const stat = parsePerfStat(text, null);
    expect(stat.counters).toEqual([
      { event: 'cycles:u', value: 900, unit: '', runningPercent: 49.5 },
      { event: 'page-faults:u', value: 5, unit: '' },
    ]);
    expect(stat.unavailable).toEqual([
      { event: 'cache-misses:u', reason: expect.stringMatching(/other events/) as string },
    ]);
  });
});

describe('what a process may do', () => {
  it('is read from its status', () => {
    const status = (caps: string, seccomp: number) => `CapEff:\t${caps}\nSeccomp:\t${seccomp}\n`;
    expect(parseStatus(status('000001ffffffffff', 0))).toEqual({
      capabilities: ['CAP_SYS_ADMIN', 'CAP_PERFMON'],
      seccomp: false,
    });
    // Docker's default set: neither of the two.
    expect(parseStatus(status('00000000a80425fb', 2))).toEqual({ capabilities: [], seccomp: true });
    expect(parseStatus(status('0000004000000000', 2)).capabilities).toEqual(['CAP_PERFMON']);
    expect(parseStatus('')).toEqual({ capabilities: [], seccomp: false });
  });

  it.each([
    ['27 1 254:0 / / rw,relatime - ext4 /dev/vda rw', true],
    ['27 1 253:1 / / rw,relatime shared:1 - xfs /dev/mapper/system-root rw', true],
    ['9 8 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/A', false],
    ['9 8 253:3 / / rw - ext4 /dev/mapper/docker-253:0-1-ab rw', false],
    ['9 8 0:30 /btrfs/subvolumes/12ab / rw - btrfs /dev/sda2 rw', false],
    ['27 1 254:0 / /home rw - ext4 /dev/vda rw', false],
  ])('tells a disk of its own from %j', (mounts, own) => {
    expect(hasOwnDisk(mounts)).toBe(own);
  });

  it.each([
    [{ groups: '0::/system.slice/docker-0123.scope\n' }, 'Docker'],
    [{ groups: '11:cpu:/kubepods/besteffort/pod1/2\n' }, 'Kubernetes'],
    [{ groups: '0::/machine.slice/libpod-12.scope\n' }, 'Podman'],
    [{ groups: '0::/lxc.payload.box\n' }, 'LXC'],
    [{ manager: 'systemd-nspawn\n' }, 'systemd-nspawn'],
    [{ manager: 'lxc' }, 'LXC'],
    // Within its own control group a container is seen by what its manager mounts.
    [{ mounts: '1 2 8:1 /var/lib/docker/containers/12ab/hostname /etc/hostname rw - ext4' }, 'Docker'],
    [
      { mounts: '1 2 8:1 /containers/storage/overlay-containers/12ab/userdata/hosts /etc/hosts rw' },
      'Podman',
    ],
    [{ mounts: '1 2 8:1 /var/lib/kubelet/pods/12ab/etc-hosts /etc/hosts rw - ext4' }, 'Kubernetes'],
    [{ groups: '0::/init.scope\n', mounts: '1 2 8:1 / / rw - ext4 /dev/sda1 rw' }, undefined],
  ])('its container is told from %j', (signs, kind) => {
    expect(containerOf({ groups: '0::/\n', manager: '', mounts: '', ...signs })).toBe(kind);
  });

  it('is found by number, whatever its name holds', () => {
    const line = '12 (a) b (c)) S 1 12 12 0 -1 4194560 1 2 0 0 150 50 0 0 20 0 1 0 99 0 0';
    expect(parseProcess(line, '/bin/a b\0--flag\0\0')).toEqual({
      name: 'a) b (c)',
      args: ['/bin/a b', '--flag', ''],
      cpuSeconds: 2,
    });
    expect(parseProcess(line, 'redis-server *:6379\0\0\0\0').args).toEqual(['redis-server *:6379']);
    expect(parseProcess(line, '').args).toEqual([]);
  });
});

describe('benchmark output', () => {
  const good =
    '{"ops_per_sec": 9.8e6, "seconds": 0.1, "threads": 1, "iterations": 1000000, "peak_rss_bytes": 4096}';

  it('is the last line, whatever comes before it', () => {
    expect(parseLastLine(`warming up\n${good}\n`)?.opsPerSec).toBe(9.8e6);
  });

  it('counts for nothing when it is missing or incomplete', () => {
    for (const text of [
      '',
      'done',
      `${good}\ndone`,
      '{"ops_per_sec": 1}',
      '{"ops_per_sec": -1}',
      'null',
      '[]',
    ]) {
      expect(parseLastLine(text), text).toBeUndefined();
    }
  });

  it('a crash is reported with its signal and the last words', () => {
    const crash = {
      command: 'b',
      stdout: '',
      stderr: 'bad pointer',
      exitCode: undefined,
      killedBy: 'SIGSEGV',
    };
    try {
      checkExit(crash);
      expect.unreachable();
    } catch (error) {
      expect((error as LabError).message).toContain('SIGSEGV');
      expect((error as LabError).detail).toContain('bad pointer');
    }
  });
});
