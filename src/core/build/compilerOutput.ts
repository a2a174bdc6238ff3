/** One error or warning of a compiler, in the format that gcc and clang share. */
export interface CompilerDiagnostic {
  /** As the compiler named it; relative to the folder it ran in. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning' | 'note';
  readonly message: string;
}

const pattern = /^(.+?):(\d+):(?:(\d+):)?\s*(fatal error|error|warning|note):\s*(.*)$/;
const directory = /^make(?:\[\d+\])?: (Entering|Leaving) directory ['‘`](.+?)['’]$/;

/** Reads `file:line:column: severity: message`, following make's messages about the folder it is in. */
export function parseCompilerOutput(text: string): CompilerDiagnostic[] {
  const found: CompilerDiagnostic[] = [];
  const folders: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const moved = directory.exec(line);
    if (moved) {
      if (moved[1] === 'Entering') folders.push(moved[2] as string);
      else folders.pop();
      continue;
    }
    const match = pattern.exec(line);
    if (!match) continue;
    const [, file, at, column, severity, message] = match as unknown as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const folder = folders.at(-1);
    found.push({
      file: folder && !file.startsWith('/') ? `${folder}/${file}` : file,
      line: Number(at),
      column: column ? Number(column) : 1,
      severity: severity === 'fatal error' ? 'error' : (severity as CompilerDiagnostic['severity']),
      message,
    });
  }
  return found;
}
