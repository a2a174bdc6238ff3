import type { Command } from 'commander';
import { interrupted, reportFailure } from './failure.js';
import { toleratesClosing } from './streams.js';

/** Runs the program with the arguments of this process. */
export function start(create: (signal: AbortSignal) => Command): void {
  // Ctrl-C and a hangup cancel the operation, so that all child processes end before this one; a recording is stopped and
  // kept. A second signal exits at once: children are killed on exit.
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!controller.signal.aborted) controller.abort(signal);
      // A terminal that is closed sends a hangup more than once, and nobody is there who is in a hurry.
      else if (signal !== 'SIGHUP') process.exit(interrupted(controller.signal));
    });
  }

  toleratesClosing(process.stdout, process.stderr);

  // What nobody foresaw is one line, too: a stack of minified code tells the user nothing.
  process.on('uncaughtException', (error) => {
    process.exit(reportFailure(error));
  });

  create(controller.signal)
    .parseAsync()
    .catch((error: unknown) => {
      process.exitCode = interrupted(controller.signal) ?? reportFailure(error);
    });
}
