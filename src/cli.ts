import { createProgram } from './cli/program.js';
import { interrupted, reportFailure } from './cli/failure.js';

// Ctrl-C and a hang-up cancel what runs, so that every child process ends before this one does; a recording is
// ended and kept. A second one waits for nothing: children are killed on exit.
const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (controller.signal.aborted) process.exit(interrupted(controller.signal));
    controller.abort(signal);
  });
}

// `hakmem-lab … | head`: nobody reads the rest, which is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// The panel's files are built into the same folder.
createProgram(controller.signal, __dirname)
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = interrupted(controller.signal) ?? reportFailure(error);
  });
