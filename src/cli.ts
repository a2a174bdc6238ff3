import { createProgram } from './cli/program.js';
import { interrupted, reportFailure } from './cli/failure.js';

// Ctrl-C and a hangup cancel the operation, so that all child processes end before this one; a recording is stopped and
// kept. A second signal exits at once: children are killed on exit.
const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (controller.signal.aborted) process.exit(interrupted(controller.signal));
    controller.abort(signal);
  });
}

// `hakmem-lab … | head`: that nobody reads the rest isn't an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// The files of the panel are built into the same folder.
createProgram(controller.signal, __dirname)
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = interrupted(controller.signal) ?? reportFailure(error);
  });
