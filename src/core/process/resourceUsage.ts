import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readRegularText } from '../files.js';
import { shellWord } from '../../text/shellWord.js';
import { LabError } from '../labError.js';
import { execute, type ProcessOptions, type ProcessResult } from './childProcess.js';
import { findCommand } from './tools.js';

/** What the kernel counted for a program and its children (getrusage(2)). */
export interface ResourceUsage {
  readonly wallSeconds: number;
  readonly userSeconds: number;
  readonly systemSeconds: number;
  /** Null if it is below that of the launcher, which the kernel counts too. */
  readonly peakRssBytes: number | null;
  /** Those of starting the program are included. */
  readonly pageFaults: number;
}

export interface MeasuredResult extends ProcessResult {
  /** Seconds between start and exit. */
  readonly wallSeconds: number;
  /** Undefined if no launcher is installed, or the program left before it could be measured. */
  readonly usage: ResourceUsage | undefined;
}

/** System calls that perl has no function for, by processor: numbers of wait4 and clock_gettime (syscalls(2)). */
const systemCalls: Partial<Record<NodeJS.Architecture, readonly [number, number]>> = {
  x64: [61, 228],
  arm64: [260, 113],
  riscv64: [260, 113],
};

/**
 * Node can't ask for the resource usage of a child, so perl, which every Debian and nearly every other distribution has,
 * starts the program and waits for it. The environment of the program is set in the child only: a preloaded allocator
 * must not serve the launcher. The report's handle is closed on exec.
 * Arguments: report, wait4, clock_gettime, number of variables, the variables, program, arguments.
 */
const launcher = `
use strict;
my ($report, $wait4, $clock, $count) = splice @ARGV, 0, 4;
my @variables = splice @ARGV, 0, $count;
open my $out, '>', $report or die "$report: $!";
sub now { my $t = "\\0" x 16; syscall($clock, 1, $t); my ($s, $n) = unpack 'q2', $t; $s + $n / 1e9 }
sub own { open my $f, '<', '/proc/self/status' or return 0; while (<$f>) { return $1 if /^VmHWM:\\s*(\\d+)/ } 0 }
my $floor = own();
my $start = now();
my $pid = fork;
die "fork: $!" unless defined $pid;
if (!$pid) {
  for (@variables) { my ($name, $value) = split /=/, $_, 2; $ENV{$name} = $value }
  exec { $ARGV[0] } @ARGV or do { print $out "exec $!"; close $out; exit 127 };
}
$SIG{INT} = $SIG{TERM} = 'IGNORE';
my ($status, $usage) = ("\\0" x 4, "\\0" x 144);
1 while syscall($wait4, $pid, $status, 0, $usage) == -1 && $!{EINTR};
my $end = now();
my @u = unpack 'q18', $usage;
print $out join ' ', unpack('i', $status), $end - $start, $u[0] + $u[1] / 1e6, $u[2] + $u[3] / 1e6, $u[4],
  $u[8] + $u[9], $floor;
close $out;
`;

/** Runs a program like `execute` and measures what it took. @throws LabError as `execute` */
export async function executeMeasured(
  file: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<MeasuredResult> {
  const calls = systemCalls[process.arch];
  const perl = calls && (await findCommand('perl'));
  if (!perl) {
    const started = performance.now();
    const result = await execute(file, args, options);
    return { ...result, wallSeconds: (performance.now() - started) / 1000, usage: undefined };
  }
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hakmem-lab-usage-'));
  try {
    const report = path.join(folder, 'usage');
    const variables = Object.entries(options.env ?? {}).map(([name, value]) => `${name}=${value}`);
    const { env: _, ...rest } = options;
    const result = await execute(
      perl,
      ['-e', launcher, report, ...calls.map(String), String(variables.length), ...variables, file, ...args],
      rest,
    );
    return measured(result, file, args, await readRegularText(report).catch(() => ''));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function measured(
  result: ProcessResult,
  file: string,
  args: readonly string[],
  report: string,
): MeasuredResult {
  const refusal = /^exec ([^\d]*)/.exec(report)?.[1];
  const values = report.split(' ').map(Number);
  if (refusal !== undefined) {
    throw new LabError('start-failed', `${file} could not be started.`, { detail: refusal });
  }
  if (values.length !== 7) {
    throw new LabError('start-failed', `${file} could not be measured.`, {
      detail: result.stderr.trim() || `The launcher exited with status ${result.exitCode}.`,
      remedy: { text: 'Check that perl works, and that the folder for temporary files is writable.' },
    });
  }
  const [status, wallSeconds, userSeconds, systemSeconds, peakKiB, pageFaults, floorKiB] = values as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // wait(2): the low seven bits are the signal that ended it, the next byte is the exit status.
  const signal = status & 0x7f;
  const killedBy = signal === 0 ? undefined : signalName(signal);
  return {
    ...result,
    command: [file, ...args].map(shellWord).join(' '),
    exitCode: signal === 0 ? (status >> 8) & 0xff : undefined,
    killedBy,
    wallSeconds,
    usage: {
      wallSeconds,
      userSeconds,
      systemSeconds,
      peakRssBytes: peakKiB > floorKiB ? peakKiB * 1024 : null,
      pageFaults,
    },
  };
}

function signalName(number: number): string {
  return (
    Object.entries(os.constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`
  );
}
