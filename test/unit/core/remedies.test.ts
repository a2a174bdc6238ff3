import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../../src/core/perf/perf.js';
import type { PerfFacts } from '../../../src/core/perf/machine.js';
import { kernelSymbolsRemedy, permissionRemedy, sysctlRemedy } from '../../../src/core/perf/remedies.js';
import { installRemedy, isInstallCommand, systemOf } from '../../../src/core/process/packages.js';

const plain: PerfFacts = {
  root: false,
  paranoid: 2,
  capabilities: [],
  seccomp: false,
  container: undefined,
};
const docker: PerfFacts = { ...plain, root: true, seccomp: true, container: 'Docker' };

describe('what is missing is installed', () => {
  it.each([
    ['ID=debian', 'perf', 'sudo apt-get install -y linux-perf'],
    ['ID=ubuntu\nID_LIKE=debian', 'perf', 'sudo apt-get install -y linux-tools-generic'],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"', 'perf', 'sudo apt-get install -y linux-tools-generic'],
    ['ID="fedora"', 'g++', 'sudo dnf install -y gcc-c++'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"', 'perf', 'sudo dnf install -y perf'],
    ['ID=arch', 'llvm-symbolizer', 'sudo pacman -S --noconfirm llvm'],
    ['ID=alpine', 'cc', 'sudo apk add build-base'],
    ['ID="opensuse-leap"\nID_LIKE="suse opensuse"', 'jemalloc', 'sudo zypper install -y libjemalloc2'],
    ['ID=fedora', 'debug information of the C library', 'sudo dnf debuginfo-install -y glibc'],
    ['ID=nixos', 'perf', undefined],
    ['', 'valgrind', undefined],
  ])('where os-release says %j: %s', (osRelease, thing, command) => {
    const remedy = installRemedy(thing, systemOf(osRelease, false));
    expect(remedy.command).toBe(command);
    expect(remedy.text).toMatch(/nstall/);
  });

  it('by root without sudo, which images do not have, nor the lists of packages', () => {
    expect(installRemedy('perf', systemOf('ID=debian', true)).command).toBe(
      'apt-get update && apt-get install -y linux-perf',
    );
    expect(installRemedy('make', systemOf('ID=alpine', true)).command).toBe('apk add make');
  });
});

describe('a refusal of perf_event_open', () => {
  it.each([
    ['an ordinary user', { ...plain, paranoid: 4 }, 'sudo sysctl kernel.perf_event_paranoid=1'],
    ['root', { ...plain, root: true }, 'dmesg | tail'],
    ['Docker’s default', docker, 'docker run --cap-add PERFMON --security-opt seccomp=unconfined …'],
    [
      'Docker with the capability',
      { ...docker, capabilities: ['CAP_PERFMON'] },
      'docker run --security-opt seccomp=unconfined …',
    ],
    [
      'Podman without a filter',
      { ...docker, container: 'Podman', seccomp: false, paranoid: 4 },
      'podman run --cap-add PERFMON …',
    ],
    [
      'LXC, on the host',
      { ...plain, container: 'LXC', root: true, paranoid: 4 },
      'sudo sysctl kernel.perf_event_paranoid=1',
    ],
  ])('has a remedy for %s', (_, facts, command) => {
    expect(permissionRemedy(facts, 'user').command).toBe(command);
  });

  it('names the filter where the setting allows it', () => {
    expect(permissionRemedy({ ...plain, seccomp: true }, 'user').text).toMatch(/seccomp filter blocks it/);
    expect(permissionRemedy({ ...plain, container: 'LXC', seccomp: true }, 'user').text).toMatch(
      /lxc\.seccomp/,
    );
    expect(permissionRemedy({ ...docker, container: 'Kubernetes' }, 'user').text).toMatch(/PERFMON/);
    // gVisor and some filters say that there is no such system call.
    expect(
      isRefusal('Error:\nThe sys_perf_event_open() syscall returned with 38 (Function not implemented)'),
    ).toBe(true);
  });
});

describe('settings of the kernel', () => {
  it('are the host’s where there is a container, even for its root', () => {
    const set = (facts: PerfFacts) => sysctlRemedy('raise the limit', 'a.b=1', facts);
    expect(set(plain)).toEqual({
      text: 'Raise the limit until the next reboot.',
      command: 'sudo sysctl a.b=1',
    });
    expect(set({ ...plain, root: true }).command).toBe('sysctl a.b=1');
    expect(set(docker)).toEqual({
      text: "On the container's host, raise the limit until its next reboot.",
      command: 'sudo sysctl a.b=1',
    });
  });

  it.each([
    [1, 1, 'kernel.kptr_restrict=0'],
    [2, 2, 'kernel.kptr_restrict=0 kernel.perf_event_paranoid=1'],
    // Addresses are then for those who may observe the kernel.
    [0, 2, 'kernel.perf_event_paranoid=1'],
    [undefined, undefined, 'kernel.kptr_restrict=0 kernel.perf_event_paranoid=1'],
  ])('hide its symbols: kptr_restrict %s, perf_event_paranoid %s', (restrict, paranoid, settings) => {
    const facts = { ...plain, restrict, paranoid, readable: true };
    expect(kernelSymbolsRemedy(facts).command).toBe(`sudo sysctl ${settings}`);
  });

  it('do not explain a list of symbols that is not there', () => {
    const facts = { restrict: 0, paranoid: 1, readable: false, root: true };
    expect(kernelSymbolsRemedy({ ...facts, container: undefined }).text).toMatch(/CONFIG_KALLSYMS/);
    expect(kernelSymbolsRemedy({ ...facts, container: 'Podman' }).command).toMatch(/^podman run/);
  });
});

describe('a command that a note asks for', () => {
  const debian = systemOf('ID=debian', false);

  it('is known where this machine would suggest it itself', () => {
    expect(isInstallCommand('sudo apt-get install -y libc6-dbg', debian)).toBe(true);
    expect(isInstallCommand('sudo apt-get install -y linux-perf', debian)).toBe(true);
  });

  it.each([
    'sudo apt-get install -y libc6-dbg; rm -rf ~',
    'sudo apt-get install -y anything',
    'sudo dnf debuginfo-install -y glibc',
    'apt-get update && apt-get install -y libc6-dbg',
    '',
  ])('is not where it is from elsewhere: %s', (command) => {
    expect(isInstallCommand(command, debian)).toBe(false);
  });
});
