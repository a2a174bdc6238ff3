import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { descendants } from '../../../src/core/process/descendants.js';
import { lender, lentTerminal } from '../../../src/core/process/terminals.js';

/** Asks until there is an answer. */
export async function until<T>(answer: () => T | undefined | false): Promise<T> {
  for (;;) {
    const found = answer();
    if (found !== undefined && found !== false) return found;
    await delay(20);
  }
}

/** What an editor does: it starts a lender in a terminal of its own, and learns its ID. */
export async function lendTerminal(ended: string) {
  let shown = '';
  const command = [...lender, ended].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  // script(1) makes a terminal, as the editor does.
  const terminal = spawn('script', ['-qfec', `exec ${command}`, '/dev/null']);
  terminal.stdout.on('data', (text: Buffer) => (shown += text.toString()));
  const { pid = 0 } = terminal;
  const holder = await until(() =>
    descendants(pid, false).find((one) => readFileSync(`/proc/${one}/comm`, 'utf8') === 'perl\n'),
  );
  return {
    holder,
    device: await until(() => lentTerminal(holder)),
    shown: () => shown,
    type: (text: string) => terminal.stdin.write(text),
    closed: new Promise<number | null>((resolve) => terminal.once('exit', resolve)),
    close: () => terminal.kill('SIGKILL'),
  };
}
