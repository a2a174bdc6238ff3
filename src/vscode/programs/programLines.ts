import { formatCommandLine, parseCommandLine, type CommandLine } from '../../core/process/commandLine.js';

/** How a program is started, whatever file it turns out to be. */
export type Start = Omit<CommandLine, 'program'>;

/** Nothing but the program. */
export const bare: Start = { args: [], environment: {} };

/** A program that a typed line may mean, and how it says to start it. */
export interface Choice<T> {
  readonly program: T;
  readonly start: Start;
}

/**
 * What a line typed over a list of programs means: a program of the list by a part of its name, and its arguments,
 * variables, and input as in any command. The best match comes first. Nothing typed means every program, as it is.
 * @throws LabError `command-line`
 */
export function choicesFor<T extends { readonly name: string }>(
  typed: string,
  programs: readonly T[],
): Choice<T>[] {
  // Names may have spaces: a line that is part of one isn't taken apart.
  const named = ranked(typed.trim(), programs).map((program) => ({ program, start: bare }));
  if (named.length > 0) return named;
  const line = parseCommandLine(typed);
  return ranked(line.program, programs).map((program) => ({ program, start: withoutProgram(line) }));
}

/** The line that means this program, started so. */
export function lineOf(name: string, start: Start): string {
  return formatCommandLine({ program: name, ...start });
}

export function withoutProgram({ program: _, ...start }: CommandLine): Start {
  return start;
}

/** Build folders may come between the parts of a path: `programs/zstd` means `programs/obj/zstd`, too. */
function holds(name: string, wanted: string): boolean {
  let from = 0;
  for (const part of wanted.split('/')) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

/** Programs whose names have the word in them: the whole name first, then the file's, then the others in their order. */
function ranked<T extends { readonly name: string }>(word: string, programs: readonly T[]): T[] {
  const wanted = word.toLowerCase().replace(/^\.\//, '');
  const rank = (name: string) => (name === wanted ? 0 : name.endsWith(`/${wanted}`) ? 1 : 2);
  return programs
    .filter(({ name }) => holds(name.toLowerCase(), wanted))
    .sort((a, b) => rank(a.name.toLowerCase()) - rank(b.name.toLowerCase()));
}
