import { readRegularText } from '../files.js';
import { stripCloneSuffix } from './cloneSuffix.js';
import type { Profile } from '../../model/profile.js';

/** Lines to search for a definition above the first sampled line of a function. */
const maxDistance = 400;

/**
 * Finds the definition of functions if the symbolizer doesn't know it (addr2line) or reported a declaration
 * (llvm-symbolizer reports a header for the `free` of an allocator), by searching the source upwards from the first line
 * with a sample. Functions in unreadable files stay without a line.
 */
export async function fillDefinitions(profile: Profile): Promise<Profile> {
  const { functions, strings } = profile;
  const firsts = firstLines(profile);
  const sources = new Map<number, string[] | undefined>();
  const files = functions.file.slice();
  const lines = functions.line.slice();
  for (const [func, { file, line }] of firsts) {
    const known = functions.line[func] as number;
    if (functions.file[func] === file && known > 0 && known <= line) continue;
    if (!sources.has(file)) sources.set(file, await readLines(strings[file] as string));
    const source = sources.get(file);
    files[func] = file;
    lines[func] = source
      ? findDefinition(source, strings[functions.name[func] as number] as string, line)
      : 0;
  }
  return { ...profile, functions: { ...functions, file: files, line: lines } };
}

/**
 * The first known line of each function: in the file that reportedly defines it if the function has code there, else in
 * the file that has its code. Functions without a line are left out.
 */
function firstLines({ functions, frames }: Profile): Map<number, { file: number; line: number }> {
  const firsts = new Map<number, { file: number; line: number }>();
  for (let f = 0; f < frames.length; f++) {
    const func = frames.func[f] as number;
    const [file, line] = [frames.file[f] as number, frames.line[f] as number];
    if (file < 0 || line === 0) continue;
    const first = firsts.get(func);
    const said = functions.file[func];
    if (!first || (file === said && first.file !== said)) firsts.set(func, { file, line });
    else if (file === first.file && line < first.line) first.line = line;
  }
  return firsts;
}

/**
 * The 1-based line at or above `from` that looks like the definition of the function: its bare name before a parenthesis,
 * not a statement. 0 if there is none.
 */
export function findDefinition(source: readonly string[], name: string, from: number): number {
  const bare = bareName(name);
  const pattern = new RegExp(`(^|[^\\w.>])${bare.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*\\(`);
  for (let line = Math.min(from, source.length); line >= Math.max(1, from - maxDistance); line--) {
    const text = source[line - 1] as string;
    const call = /^\s*(return|if|while|for|switch|else|case)\b|;\s*(\/\/.*|\/\*.*)?$|=/.test(
      text.split('{')[0] as string,
    );
    if (pattern.test(text) && !call) return line;
  }
  return 0;
}

/** `ns::Box<int>::get() const` is `get` in its definition; `f.part.0` is `f`. */
export function bareName(name: string): string {
  let text = name.replace(/\(.*$/s, '');
  for (let shorter = ''; shorter !== text;) {
    shorter = text;
    text = text.replace(/<[^<>]*>/g, '');
  }
  return stripCloneSuffix(text.split('::').at(-1) ?? text);
}

async function readLines(file: string): Promise<string[] | undefined> {
  try {
    return (await readRegularText(file)).split(/\r?\n/);
  } catch {
    return undefined;
  }
}
