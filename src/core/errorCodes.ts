/** The exit statuses of the command line, besides 0. */
export const ExitStatus = { SLOWER: 1, FAILED: 1, MISUSE: 2, UNCLEAR: 3 } as const;

interface ErrorKind {
  readonly meaning: string;
  readonly exitStatus: (typeof ExitStatus)[keyof typeof ExitStatus];
}

const failed = (meaning: string): ErrorKind => ({ meaning, exitStatus: ExitStatus.FAILED });
const misuse = (meaning: string): ErrorKind => ({ meaning, exitStatus: ExitStatus.MISUSE });

/** Every error a user can see, by its stable code. `docs/errors.md` lists the same. */
export const errorKinds = {
  'lab-file-missing': failed("There is no lab file here, or the given one can't be read."),
  'lab-file-invalid': failed("The lab file isn't valid."),
  'lab-file-foreign': failed('The nearest lab file belongs to another user.'),
  'preset-unknown': failed('The lab file has no preset with this name.'),
  'competitor-unknown': failed('The preset has no competitor with this name.'),
  'tool-missing': failed("A required tool or library isn't installed."),
  'build-failed': failed('The build command failed.'),
  'program-missing': failed("The program to run doesn't exist or isn't executable."),
  'start-failed': failed("The operating system couldn't start a program."),
  'timed-out': failed("A tool didn't answer in time."),
  'program-failed': failed('The measured program crashed or exited with a nonzero status.'),
  'program-output': failed('The program printed no benchmark result.'),
  'process-unknown': failed('There is no process with this ID.'),
  'perf-not-permitted': failed(
    "The kernel, the container, or the owner of the process doesn't permit measuring.",
  ),
  'perf-failed': failed('perf itself failed.'),
  'not-supported': failed("This machine or one of its tools can't measure what was requested."),
  'symbolizer-failed': failed('The tool that names addresses crashed.'),
  'no-samples': failed('The profile has no samples.'),
  'event-unknown': failed('The profile has no event with this name.'),
  'function-unknown': failed('The profile has no function with this name.'),
  'code-missing': failed("The machine code of a function isn't available."),
  'read-failed': failed("A file can't be read."),
  'write-failed': failed("A file or folder can't be written."),
  'format-unsupported': failed("The file is in a format that can't be imported."),
  'profile-corrupt': failed('The profile is damaged or incomplete.'),
  'profile-too-large': failed('The profile exceeds a size limit.'),
  'newer-version': failed('The file was saved by a newer version of HAKMEM Lab.'),
  'run-unknown': failed('There is no saved run with this ID.'),
  'run-corrupt': failed('The saved run is damaged.'),
  'run-without-profile': failed('The saved run has no profile.'),
  'side-unknown': failed(
    'What to compare is neither a preset, a run, a commit, an allocator, nor a program.',
  ),
  'git-failed': failed("Git isn't installed, or can't provide the commit."),
  'experiment-unknown': failed('There is no saved comparison or matrix with this ID.'),
  'baselines-invalid': failed("The file of the gate's baselines is missing or isn't valid."),
  'source-missing': failed("The source file isn't on this machine."),
  'export-too-large': failed('The profile is too large for the export format.'),
  'panel-not-built': failed("The files of the panel, which an HTML export includes, haven't been built."),
  'command-line': misuse('A command line has an unclosed quote or ends in a backslash.'),
  'input-invalid': failed("What an agent gave a tool isn't what the tool takes."),
  'terminal-output': misuse('Binary output would go to a terminal.'),
  canceled: failed('The operation was canceled.'),
} as const satisfies Record<string, ErrorKind>;

/** What went wrong, as a stable name that tests and the editor's buttons can rely on. */
export type LabErrorCode = keyof typeof errorKinds;
