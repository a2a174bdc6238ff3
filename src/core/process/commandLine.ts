import { shellWord } from '../../text/shellWord.js';
import { invalidCommand, shellTokens } from './shellWords.js';

/** A program to start, as it is typed: `NAME=VALUE ./program argument < file`. */
export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
  /** Set on top of the inherited environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The file to read from; nothing by default. */
  readonly stdin?: string;
}

const assignment = /^([A-Za-z_]\w*)=/;
/** What only a shell can do. Quoted, or inside a word, they are plain text. */
const shellOnly = /^(?:\d*>{1,2}|&>|<<|\|{1,2}$|&{1,2}$|;)|^[^'"\\]*;$/;

/**
 * Reads a command line without a shell: quotes as in a shell, variables before the program, and a file to read from.
 * @throws LabError `command-line`, also for pipes and the like, which nothing here would carry out
 */
export function parseCommandLine(text: string): CommandLine {
  const tokens = shellTokens(text);
  const environment: Record<string, string> = {};
  const words: string[] = [];
  let stdin: string | undefined;
  for (let at = 0; at < tokens.length; at++) {
    const { word, raw } = tokens[at] as (typeof tokens)[number];
    const name = words.length === 0 ? assignment.exec(raw)?.[1] : undefined;
    if (name !== undefined) environment[name] = word.slice(name.length + 1);
    else if (shellOnly.test(raw)) throw needsShell(word);
    else if (raw.startsWith('<')) {
      stdin = raw === '<' ? tokens[++at]?.word : word.slice(1);
      if (!stdin) throw invalidCommand('There is no file after <.', 'Add the file to read from.');
    } else words.push(word);
  }
  const [program, ...args] = words;
  if (!program) throw invalidCommand('The command line names no program.', 'Enter a program.');
  return { program, args, environment, ...(stdin === undefined ? {} : { stdin }) };
}

/** The line with a shell around it, if only a shell can carry it out. @throws LabError `command-line` */
export function shellCommand(text: string): string | undefined {
  return shellTokens(text).some(({ raw }) => shellOnly.test(raw)) ? `sh -c ${shellWord(text)}` : undefined;
}

/** The text that `parseCommandLine` reads back. */
export function formatCommandLine({ program, args, environment, stdin }: CommandLine): string {
  return [
    ...Object.entries(environment).map(([name, value]) => `${name}=${shellWord(value)}`),
    assignment.test(program) ? `'${program.replaceAll("'", `'\\''`)}'` : shellWord(program),
    ...args.map(shellWord),
    ...(stdin === undefined ? [] : ['<', shellWord(stdin)]),
  ].join(' ');
}

function needsShell(word: string) {
  return invalidCommand(
    `${word} needs a shell, and the program is started without one.`,
    'Quote it if it is an argument, or put the command into a script and start that.',
  );
}
