import { escaped } from '../text/printable.js';

/** Back to the start of the line, and nothing in it. */
const CLEAR = '\r\x1b[K';

/** A line of progress has no end: what is written next would stand behind it. */
let shown = false;

/** On one line of stderr if it is a terminal. */
export function showProgress(message: string): void {
  const { stderr } = process;
  if (!stderr.isTTY) {
    stderr.write(`${escaped(message)}\n`);
    return;
  }
  // Also where nothing else is printed, so that the shell's prompt has its line.
  if (!shown) process.once('exit', clearProgress);
  shown = true;
  stderr.write(`${CLEAR}${escaped(message)}`);
}

/** Before anything else is written to the terminal. */
export function clearProgress(): void {
  if (!shown) return;
  shown = false;
  process.off('exit', clearProgress);
  process.stderr.write(CLEAR);
}

/** Writes what a command answers to stdout. */
export function writeResult(data: string | Uint8Array): void {
  clearProgress();
  process.stdout.write(data);
}
