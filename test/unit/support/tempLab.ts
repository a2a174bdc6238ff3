import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LAB_FILE_NAME } from '../../../src/core/lab/findLabFile.js';
import { loadLab } from '../../../src/core/lab/loadLab.js';
import { Laboratory } from '../../../src/core/laboratory.js';
import { findCommand } from '../../../src/core/process/tools.js';
import { root } from './fixtures.js';

const sources = path.join(root, 'test/fixtures/src');

/** A lab of its own in a temporary folder: a real C benchmark that the real tools build, run and profile. */
export class TempLab {
  readonly folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-test-')));

  constructor() {
    copyFileSync(path.join(sources, 'bench.c'), path.join(this.folder, 'bench.c'));
    writeFileSync(
      path.join(this.folder, 'Makefile'),
      'build/bench: bench.c\n\tmkdir -p build\n\tcc -O2 -g -Wall -fno-omit-frame-pointer -o $@ $<\n',
    );
    const preset = (name: string, mode: string, iterations: string) => ({
      name,
      program: 'build/bench',
      args: [mode, '200000'],
      profileArgs: [mode, iterations],
      iterationsArg: 1,
      environment: { BENCH_MODE: mode },
      rivals: { system: 'build/bench' },
    });
    this.write(
      LAB_FILE_NAME,
      JSON.stringify({
        formatVersion: 1,
        name: 'Test',
        build: { command: 'make' },
        presets: [
          preset('RUN', 'run', '20000000'),
          preset('CRASH', 'crash', '1000'),
          preset('SILENT', 'silent', '20000000'),
          preset('HANG', 'hang', '1000'),
          {
            name: 'ONCE',
            program: 'build/bench',
            args: ['run', '200000'],
            environment: { BENCH_MODE: 'run' },
          },
        ],
        categories: [{ name: 'Benchmark Driver', rules: [{ symbol: '^(worker_run|next_random)$' }] }],
      }),
    );
  }

  write(name: string, text: string): void {
    writeFileSync(path.join(this.folder, name), text);
  }

  async open(): Promise<Laboratory> {
    return new Laboratory(await loadLab(path.join(this.folder, LAB_FILE_NAME)));
  }

  /** A PATH on which every command of the lab is found but the ones named. */
  async pathWithout(...absent: string[]): Promise<string> {
    const bin = path.join(this.folder, `bin-without-${absent.join('-')}`);
    mkdirSync(bin);
    for (const name of ['sh', 'make', 'cc', 'as', 'ld', 'mkdir', 'perf', 'true', 'addr2line', 'ldconfig']) {
      const file = absent.includes(name) ? undefined : await findCommand(name);
      if (file) symlinkSync(realpathSync(file), path.join(bin, name));
    }
    return bin;
  }

  compileShim(name: string): string {
    const library = path.join(this.folder, `${name}.so`);
    execFileSync('cc', ['-shared', '-fPIC', '-o', library, path.join(sources, `${name}.c`), '-ldl']);
    return library;
  }

  /** Processes that still run the lab's program. */
  survivors(): string[] {
    try {
      const program = path.join(this.folder, 'build/bench');
      return execFileSync('pgrep', ['-f', program], { encoding: 'utf8' }).trim().split('\n');
    } catch {
      return [];
    }
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs `action` with some of the environment changed. */
export async function withEnvironment<T>(
  changes: Record<string, string>,
  action: () => Promise<T>,
): Promise<T> {
  const before = Object.keys(changes).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, changes);
  try {
    return await action();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}
