import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { descendants, hasTerminal, leadsSession } from './descendants.js';

/**
 * The program of a terminal that lends it: it gives the terminal up, so that the session of another program may have it and
 * its keys, and keeps it open until it is hung up. After SIGUSR1, when that program has ended, it writes its argument, and
 * a key ends it.
 */
export const lender = [
  'perl',
  '-e',
  `$SIG{$_} = 'IGNORE' for qw(HUP INT QUIT TSTP);
   ioctl(STDIN, 0x5422, 0) or exit 1; # TIOCNOTTY
   $SIG{HUP} = 'DEFAULT';
   $SIG{USR1} = sub { $ended = 1 };
   select(undef, undef, undef, 1) until $ended or !-t STDIN; # Of a hangup, it isn't told.
   exit unless $ended;
   system('stty', 'sane', '-icanon', '-echo', 'min', '1');
   syswrite(STDOUT, "\\n\\e[2m$ARGV[0]\\e[0m\\n");
   sysread(STDIN, $key, 1);`,
] as const;

/** The terminal that a lender has given up; undefined if it hasn't yet. */
export function lentTerminal(pid: number): string | undefined {
  try {
    const device = readlinkSync(`/proc/${pid}/fd/0`);
    return device.startsWith('/dev/') && hasTerminal(pid) === false ? device : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a program that this process started on a terminal waits for what is typed: it reads, or it looks out for several
 * things (poll, select, epoll), as those do that read keys. `unknown` where the system doesn't say what it waits for. Not
 * asked of the tool that leads the session: it waits for its program.
 */
export function waitOn(device: string): 'reading' | 'looking' | 'unknown' | undefined {
  const waits = descendants(process.pid, false).flatMap((pid) => {
    if (target(`/proc/${pid}/fd/0`) !== device || leadsSession(pid)) return [];
    return threads(pid).map((thread) => waitOfThread(`/proc/${pid}/task/${thread}`, pid, device));
  });
  return (['reading', 'unknown', 'looking'] as const).find((wait) => waits.includes(wait));
}

/** Numbers of system calls (asm/unistd.h). */
const calls = {
  x64: { read: ['0'], look: ['7', '23', '232', '270', '271', '281'] },
  arm64: { read: ['63'], look: ['22', '72', '73'] },
};

function waitOfThread(thread: string, pid: number, device: string) {
  const numbers = calls[process.arch as keyof typeof calls] as (typeof calls)['x64'] | undefined;
  let call: string[];
  try {
    call = readFileSync(`${thread}/syscall`, 'latin1').trim().split(' ');
  } catch (error) {
    // It has ended, or belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'unknown' : undefined;
  }
  if (!numbers) return 'unknown';
  const [number = '', first = ''] = call;
  if (numbers.look.includes(number)) return 'looking';
  if (!numbers.read.includes(number)) return undefined;
  return target(`/proc/${pid}/fd/${Number(first)}`) === device ? 'reading' : undefined;
}

function threads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function target(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}
