import { ExitStatus } from '../core/errorCodes.js';

/** Nobody reads anymore: `hakmem-lab … | head`, or a terminal that was closed. */
const closed = ['EPIPE', 'EIO', 'ENXIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED'];

/**
 * That nobody reads the output isn't an error, and no reason to end what is under way: a recording is saved nevertheless.
 * Any other failure, as on a full disk, is one of the result.
 */
export function toleratesClosing(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): void {
  stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (closed.includes(code ?? '')) return;
    process.exitCode = ExitStatus.FAILED;
    stderr.write(`hakmem-lab: Couldn't write the result to standard output: ${message}. [write-failed]\n`);
  });
  // There is no other place to say it.
  stderr.on('error', () => undefined);
}
