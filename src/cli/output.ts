import type { Command } from 'commander';
import type { TaskContext } from '../core/context.js';
import { escaped, escapedJson } from '../text/printable.js';
import { reportFailure } from './failure.js';
import { clearProgress, showProgress, writeResult } from './progress.js';

/** Options of all commands that print a result of a lab. */
export interface Common {
  readonly json?: boolean;
  readonly lab?: string;
}

/** Creates a command of the program with the common options. */
export type MakeCommand = (name: string, description: string) => Command;

export function print(options: Common, document: unknown, text: () => string): void {
  writeResult(formatted(options, document, text));
}

/** A result as it is printed. */
export function formatted(options: Common, document: unknown, text: () => string): string {
  return `${options.json ? escapedJson(JSON.stringify(document)) : text()}\n`;
}

/** Progress on stderr, on one line if it is a terminal. */
export function terminalContext(signal?: AbortSignal): TaskContext {
  return {
    signal,
    progress: showProgress,
    log: (line) => {
      clearProgress();
      process.stderr.write(`${escaped(line)}\n`);
    },
    problem: (error) => {
      process.exitCode = reportFailure(error);
    },
  };
}

/** For a program that writes to the same streams: what isn't a terminal gets its output and nothing else. */
export function sharedContext(): TaskContext {
  const context = terminalContext();
  return process.stderr.isTTY ? context : { ...context, progress: () => undefined };
}
