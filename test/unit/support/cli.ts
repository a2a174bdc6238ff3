import { spawn } from 'node:child_process';

export { bundleCli } from './bundleCli.mjs';

export interface Outcome<T = Buffer> {
  readonly status: number | null;
  readonly stdout: T;
  readonly stderr: string;
}

/** Runs the command line. */
export async function runCli(cli: string, cwd: string, args: readonly string[]): Promise<Outcome<string>> {
  const ended = await outcome(process.execPath, [cli, ...args], { cwd });
  return { ...ended, stdout: ended.stdout.toString() };
}

/** Runs a program to its end, which is when it exits: what it leaves behind may keep its output open. */
export function outcome(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    child.on('error', reject);
    child.on('exit', (status) => {
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ status, stdout: Buffer.concat(out), stderr });
      }, 100);
    });
  });
}
