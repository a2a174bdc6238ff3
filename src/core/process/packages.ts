import { readFileSync } from 'node:fs';
import type { Remedy } from '../labError.js';

/** Package managers, by the name of their command. */
type PackageManager = 'apt' | 'dnf' | 'pacman' | 'apk' | 'zypper';

/** Package names depend on the distribution's family (os-release(5)): its ID, or what it says it is like. */
const families: Readonly<Record<string, PackageManager>> = {
  debian: 'apt',
  ubuntu: 'apt',
  fedora: 'dnf',
  rhel: 'dnf',
  centos: 'dnf',
  amzn: 'dnf',
  arch: 'pacman',
  alpine: 'apk',
  suse: 'zypper',
  opensuse: 'zypper',
};

const install: Readonly<Record<PackageManager, string>> = {
  apt: 'apt-get install -y',
  dnf: 'dnf install -y',
  pacman: 'pacman -S --noconfirm',
  apk: 'apk add',
  zypper: 'zypper install -y',
};

/** Packages of the tools the lab uses. Where a package manager is missing here, the package is named like the tool. */
const packages: Readonly<Record<string, Partial<Record<PackageManager, string>>>> = {
  perf: { apt: 'linux-perf' },
  cc: { apt: 'gcc', dnf: 'gcc', pacman: 'gcc', apk: 'build-base', zypper: 'gcc' },
  gcc: { apk: 'build-base' },
  'c++': { apt: 'g++', dnf: 'gcc-c++', pacman: 'gcc', apk: 'build-base', zypper: 'gcc-c++' },
  'g++': { dnf: 'gcc-c++', pacman: 'gcc', apk: 'build-base', zypper: 'gcc-c++' },
  addr2line: { apt: 'binutils', dnf: 'binutils', pacman: 'binutils', apk: 'binutils', zypper: 'binutils' },
  objdump: { apt: 'binutils', dnf: 'binutils', pacman: 'binutils', apk: 'binutils', zypper: 'binutils' },
  'c++filt': { apt: 'binutils', dnf: 'binutils', pacman: 'binutils', apk: 'binutils', zypper: 'binutils' },
  'llvm-symbolizer': { apt: 'llvm', dnf: 'llvm', pacman: 'llvm', apk: 'llvm', zypper: 'llvm' },
  mimalloc: { apt: 'libmimalloc2.0', zypper: 'libmimalloc2' },
  jemalloc: { apt: 'libjemalloc2', zypper: 'libjemalloc2' },
  tcmalloc: {
    apt: 'libtcmalloc-minimal4',
    dnf: 'gperftools-libs',
    pacman: 'gperftools',
    apk: 'gperftools',
    zypper: 'libtcmalloc4',
  },
  'debug information of the C library': {
    apt: 'libc6-dbg',
    dnf: 'glibc-debuginfo',
    apk: 'musl-dbg',
    zypper: 'glibc-debuginfo',
  },
};

interface System {
  /** Undefined for an unknown family. */
  readonly manager: PackageManager | undefined;
  /** Ubuntu names a few packages differently from Debian. */
  readonly ubuntu: boolean;
  /** Commands need no `sudo`, which containers rarely have. */
  readonly root: boolean;
}

/** @param osRelease the text of `/etc/os-release`; empty if there is none */
export function systemOf(osRelease: string, root: boolean): System {
  const value = (name: string) =>
    new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(osRelease)?.[1]?.toLowerCase() ?? '';
  const ids = [value('ID'), ...value('ID_LIKE').split(' ')];
  const manager = ids.map((id) => families[id.replace(/-.*$/, '')]).find((found) => found !== undefined);
  return { manager, ubuntu: ids.includes('ubuntu'), root };
}

/** A command that changes the system, with `sudo` where it is needed. */
export function asRoot(command: string, root = isRoot()): string {
  return root ? command : `sudo ${command}`;
}

/** How to install a missing tool. */
export function installRemedy(thing: string, system: System = thisSystem()): Remedy {
  const { manager, ubuntu, root } = system;
  if (manager === undefined) {
    const debian = packages[thing]?.apt ?? thing;
    return {
      text: `Install ${thing} with your package manager (package ${debian} on Debian), then try again.`,
    };
  }
  const name = ubuntu && thing === 'perf' ? 'linux-tools-generic' : (packages[thing]?.[manager] ?? thing);
  if (thing === 'debug information of the C library') {
    if (manager === 'pacman')
      return {
        text: 'Set this variable so that tools download it.',
        command: 'export DEBUGINFOD_URLS=https://debuginfod.archlinux.org',
      };
    if (manager === 'dnf')
      return { text: 'Install it, then try again.', command: asRoot('dnf debuginfo-install -y glibc', root) };
  }
  // Container images come without package lists.
  const lists = manager === 'apt' && root ? 'apt-get update && ' : '';
  return {
    text: `Install ${thing} (package ${name}), then try again.`,
    command: `${lists}${asRoot(`${install[manager]} ${name}`, root)}`,
  };
}

/** Whether this command is what this machine itself would suggest: one from elsewhere may be anything. */
export function isInstallCommand(command: string, system: System = thisSystem()): boolean {
  return Object.keys(packages).some((thing) => installRemedy(thing, system).command === command);
}

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

let known: System | undefined;

function thisSystem(): System {
  if (known) return known;
  let text = '';
  for (const file of ['/etc/os-release', '/usr/lib/os-release']) {
    try {
      text = readFileSync(file, 'utf8');
      break;
    } catch {
      // Try the next one.
    }
  }
  return (known = systemOf(text, isRoot()));
}
