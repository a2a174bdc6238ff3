import { CommanderError } from 'commander';
import { errorText, isCancelled } from '../core/labError.js';
import { escapedLines } from '../text/printable.js';

const EXIT_FAILED = 1;
const EXIT_MISUSE = 2;

/** Says on stderr what went wrong. @returns the exit status: 1, or 2 for misuse of the command line */
export function reportFailure(error: unknown): number {
  // commander has already printed its own message, and `--help` and `--version` end this way too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_MISUSE;
  if (isCancelled(error)) process.stderr.write('Cancelled.\n');
  else process.stderr.write(`hakmem-lab: ${escapedLines(errorText(error))}\n`);
  return EXIT_FAILED;
}

/** The shell's convention for a program that a signal ended, or undefined when none came. */
export function interrupted(signal: AbortSignal): number | undefined {
  if (!signal.aborted) return undefined;
  process.stderr.write('Cancelled.\n');
  return { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal.reason as string] ?? EXIT_FAILED;
}
