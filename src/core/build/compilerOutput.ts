/** One error or warning of a compiler or of a tool that configures a build. */
export interface CompilerDiagnostic {
  /** As the compiler named it; relative to the folder it ran in. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning' | 'note';
  readonly message: string;
}

/** gcc, clang, and (in capitals, with columns from 0) Meson. */
const compiler = /^(.+?):(\d+):(?:(\d+):)?\s*(fatal error|error|warning|note|ERROR|WARNING):\s*(.*)$/;
const directory = /^make(?:\[\d+\])?: (Entering|Leaving) directory ['‘`](.+?)['’]$/;
/** rustc and cargo: the place is in the next line. */
const rust = /^(error|warning)(?:\[\w+\])?: (.*)$/;
const rustPlace = /^\s*--> (.+?):(\d+):(\d+)$/;
/** CMake: the message follows, indented. */
const cmake = /^CMake (Error|Warning)(?: \(dev\))? (?:at|in) (.+?):(\d+)(?: \(.*\))?:$/;
/** Of a call that led there. */
const cmakeCall = /^ {2}(.+?):(\d+) \(.*\)$/;
/** A longer message of CMake is cut after its first sentence: the whole is in the output. */
const longMessage = 160;

/** Reads what compilers, CMake, and Meson say of places, following make's messages about the folder it is in. */
export function parseCompilerOutput(text: string): CompilerDiagnostic[] {
  const found: CompilerDiagnostic[] = [];
  const folders: string[] = [];
  const lines = text.split(/\r?\n/);
  const add = (file: string, line: string, column: string | undefined, kind: string, message: string) => {
    const folder = folders.at(-1);
    found.push({
      file: folder && !file.startsWith('/') ? `${folder}/${file}` : file,
      line: Number(line),
      column: Math.max(1, Number(column ?? 1)),
      severity: severityOf(kind),
      message,
    });
  };
  for (const [at, line] of lines.entries()) {
    const moved = directory.exec(line);
    if (moved) {
      if (moved[1] === 'Entering') folders.push(moved[2] as string);
      else folders.pop();
      continue;
    }
    const [, file, number, column, kind, message] = compiler.exec(line) ?? [];
    if (file && number && kind) {
      add(file, number, column, kind, message ?? '');
      continue;
    }
    const [, rustKind, rustMessage] = rust.exec(line) ?? [];
    const [, rustFile, rustLine, rustColumn] = rustPlace.exec(rustKind ? (lines[at + 1] ?? '') : '') ?? [];
    if (rustKind && rustFile && rustLine) {
      add(rustFile, rustLine, rustColumn, rustKind, rustMessage ?? '');
      continue;
    }
    const [, cmakeKind, cmakeFile, cmakeLine] = cmake.exec(line) ?? [];
    if (cmakeKind && cmakeFile && cmakeLine) {
      const { message: text, place } = cmakeMessage(lines, at + 1, [cmakeFile, cmakeLine]);
      add(...place, undefined, cmakeKind, text);
    }
  }
  return found;
}

function severityOf(kind: string): CompilerDiagnostic['severity'] {
  const lower = kind.toLowerCase();
  return lower === 'warning' || lower === 'note' ? lower : 'error';
}

/**
 * The indented lines that follow, without what CMake's other stream says in between. The place is the project's own call where
 * the error is reported by one of CMake's modules, which have absolute names.
 */
function cmakeMessage(lines: readonly string[], from: number, place: [string, string]) {
  const text: string[] = [];
  let calls = false;
  for (const line of lines.slice(from)) {
    if (line.startsWith('Call Stack')) calls = true;
    else if (line !== '' && !line.startsWith('  ') && !line.startsWith('-- ')) break;
    else if (line.startsWith('-- ')) continue;
    else if (!calls) text.push(line.trim());
    else {
      const [, file, number] = cmakeCall.exec(line) ?? [];
      if (file && number && place[0].startsWith('/')) place = [file, number];
    }
  }
  const whole = text.join(' ').replace(/ +/g, ' ').trim();
  const sentence = whole.length > longMessage ? whole.indexOf('. ') : -1;
  return { message: sentence > 0 ? whole.slice(0, sentence + 1) : whole, place };
}
