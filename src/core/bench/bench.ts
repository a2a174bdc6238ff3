import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { TaskContext } from '../context.js';
import type { Preset } from '../lab/labFile.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { LabError } from '../labError.js';
import { run, type RunResult } from '../process/run.js';
import { findCommand } from '../process/tools.js';
import { summarize } from '../../statistics/medianInterval.js';
import type { BenchResult, BenchSample } from '../../model/benchResult.js';

const lastLine = z.object({
  ops_per_sec: z.number().positive(),
  seconds: z.number().nonnegative(),
  threads: z.number().int().positive(),
  iterations: z.number().int().positive(),
  peak_rss_bytes: z.number().nonnegative(),
});

/** Something to time: a program under an environment. */
export interface Contestant {
  readonly allocator: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The preset's own program as a contestant. @throws LabError `program-missing` */
export async function presetContestant(lab: LoadedLab, preset: Preset): Promise<Contestant> {
  return {
    allocator: lab.definition.name,
    program: await resolveProgram(lab, preset.program),
    args: preset.args,
    environment: preset.environment,
  };
}

/** A path relative to the lab file, an absolute path, or a command on PATH. @throws LabError `program-missing` */
export async function resolveProgram(lab: LoadedLab, program: string): Promise<string> {
  const file = path.resolve(lab.folder, program);
  if (await isExecutable(file)) return file;
  const onPath = program.includes('/') ? undefined : await findCommand(program);
  if (onPath) return onPath;
  throw programMissing(program, file, `Check "program" in ${lab.file}, and that the build makes it.`);
}

/** As a shell does: a command on PATH, or a path when it has a slash. @throws LabError `program-missing` */
export async function resolveCommand(program: string, folder = process.cwd()): Promise<string> {
  const file = program.includes('/') ? path.resolve(folder, program) : await findCommand(program);
  if (file !== undefined && (await isExecutable(file))) return file;
  throw programMissing(
    program,
    file ?? program,
    'Write a program here as ./program, and check that it is executable.',
  );
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function programMissing(program: string, file: string, remedy: string): LabError {
  return new LabError('program-missing', `The program ${program} is not there or not executable.`, {
    detail: `Looked for ${file}.`,
    remedy: { text: remedy },
  });
}

/**
 * Measures every contestant `runs` times, interleaved (A B A B ...), so that a machine that slows down or
 * speeds up meanwhile does so for all of them.
 */
export async function bench(
  contestants: readonly Contestant[],
  runs: number,
  context: TaskContext,
): Promise<BenchResult[]> {
  const samples = contestants.map((): BenchSample[] => []);
  for (let i = 0; i < runs; i++) {
    for (const [c, contestant] of contestants.entries()) {
      const which = contestants.length > 1 ? `, ${contestant.allocator}` : '';
      context.progress(`Benchmark ${i + 1} of ${runs}${which}`);
      samples[c]?.push(await benchOnce(contestant, context));
    }
  }
  return contestants.map(({ allocator }, c) => {
    const own = samples[c] ?? [];
    return {
      allocator,
      opsPerSec: summarize(own.map((s) => s.opsPerSec)),
      peakRssBytes: own.reduce((max, s) => Math.max(max, s.peakRssBytes), 0),
    };
  });
}

async function benchOnce(contestant: Contestant, context: TaskContext): Promise<BenchSample> {
  const result = await run(contestant.program, contestant.args, {
    env: contestant.environment,
    signal: context.signal,
  });
  for (const line of result.stderr.split('\n')) if (line) context.log(line);
  checkExit(result);
  return parseBenchOutput(result.stdout, result.command);
}

/** @throws LabError `program-crashed` unless the program ended with status 0. */
export function checkExit(result: RunResult): void {
  if (result.exitCode === 0) return;
  const how = result.killedBy ? `was ended by ${result.killedBy}` : `ended with status ${result.exitCode}`;
  throw new LabError('program-crashed', `The program ${how}.`, {
    detail: [`$ ${result.command}`, ...result.stderr.trim().split('\n').slice(-8)].join('\n').trim(),
    remedy: {
      text: 'Run the command in a terminal or a debugger to see why; correct the program or its arguments.',
    },
  });
}

/** Reads the JSON object in the last line. @throws LabError `program-output` */
export function parseBenchOutput(stdout: string, command: string): BenchSample {
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  let json: unknown;
  try {
    json = JSON.parse(last);
  } catch {
    json = undefined;
  }
  const parsed = lastLine.safeParse(json);
  if (!parsed.success) {
    throw new LabError('program-output', 'The program printed no benchmark result.', {
      detail: `$ ${command}\nLast line: ${last.slice(0, 200) || '(nothing)'}\n${z.prettifyError(parsed.error)}`,
      remedy: {
        text: 'Let the last line of its output be a JSON object with ops_per_sec, seconds, threads, iterations and peak_rss_bytes; a program that is no benchmark can still be profiled.',
      },
    });
  }
  return {
    opsPerSec: parsed.data.ops_per_sec,
    seconds: parsed.data.seconds,
    threads: parsed.data.threads,
    iterations: parsed.data.iterations,
    peakRssBytes: parsed.data.peak_rss_bytes,
  };
}
