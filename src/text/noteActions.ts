/** What a note asks for, where the editor can do it with a button. */
export type NoteAction =
  | { readonly kind: 'record-with-dwarf' }
  /** The setting for which code is sampled. */
  | { readonly kind: 'sample-kernel' }
  /** Options of the compiler, to copy. */
  | { readonly kind: 'compiler-flags'; readonly flags: string }
  /** A command of the shell, to copy. */
  | { readonly kind: 'command'; readonly command: string };

/** The package, if a command installs just one: its button can then say so. */
export function installedPackage(command: string): string | undefined {
  return /\b(?:install|add|pacman -S)(?: -y| --noconfirm)? ([\w.+-]+)$/.exec(command)?.[1];
}

/** Compiler options that notes name. */
const flags = /(?<=\s)-(?:g|O2|fno-omit-frame-pointer)(?=[\s.,]|$)/g;

/** Notes are saved as text, which names what to do exactly: options as they are typed, a command after `$`. */
export function noteActions(note: string): NoteAction[] {
  const actions: NoteAction[] = [];
  if (/\bRecord with --call-graph dwarf\b/.test(note)) actions.push({ kind: 'record-with-dwarf' });
  if (/\bRecord with --scope both\b/.test(note)) actions.push({ kind: 'sample-kernel' });
  const named = note.match(flags);
  if (named && /\b[Cc]ompile with\b/.test(note))
    actions.push({ kind: 'compiler-flags', flags: [...new Set(['-g', ...named])].join(' ') });
  const command = / \$ (\S.*)$/.exec(note)?.[1];
  if (command !== undefined) actions.push({ kind: 'command', command });
  return actions;
}
