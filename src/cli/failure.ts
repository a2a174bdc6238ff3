import { CommanderError } from 'commander';
import { errorKinds, ExitStatus } from '../core/errorCodes.js';
import { errorText, isCanceled, LabError } from '../core/labError.js';
import { escapedLines } from '../text/printable.js';
import { clearProgress } from './progress.js';

/** Reports an error on stderr. @returns the exit status, see docs/errors.md */
export function reportFailure(error: unknown): number {
  // commander has already printed its message. `--help` and `--version` end this way too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : ExitStatus.MISUSE;
  clearProgress();
  if (isCanceled(error)) process.stderr.write('Canceled.\n');
  else process.stderr.write(`hakmem-lab: ${escapedLines(withCode(error))}\n`);
  return error instanceof LabError ? errorKinds[error.code].exitStatus : ExitStatus.FAILED;
}

/** The error's text with its code after the first line. */
function withCode(error: unknown): string {
  const [message = '', ...more] = errorText(error).split('\n');
  const code = error instanceof LabError ? ` [${error.code}]` : '';
  return [message + code, ...more].join('\n');
}

/** The shell's convention for a program that a signal ended; undefined if no signal was received. */
export function interrupted(signal: AbortSignal): number | undefined {
  if (!signal.aborted) return undefined;
  clearProgress();
  process.stderr.write('Canceled.\n');
  return { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal.reason as string] ?? ExitStatus.FAILED;
}
