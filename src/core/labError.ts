/** What went wrong, as a stable name that tests and the editor's buttons can rely on. */
export type LabErrorCode =
  | 'lab-file-missing'
  | 'lab-file-invalid'
  | 'preset-unknown'
  | 'tool-missing'
  | 'build-failed'
  | 'program-missing'
  | 'program-crashed'
  | 'program-output'
  | 'perf-not-permitted'
  | 'perf-failed'
  | 'not-supported'
  | 'process-unknown'
  | 'command-line'
  | 'no-samples'
  | 'event-unknown'
  | 'export-too-large'
  | 'panel-not-built'
  | 'profile-corrupt'
  | 'run-unknown'
  | 'storage'
  | 'cancelled';

/** What the user can do next. `command` is a shell command that can be copied or run in a terminal. */
export interface Remedy {
  readonly text: string;
  readonly command?: string;
}

/** An error for the user: what happened, why (`detail`), and what to do next (`remedy`). */
export class LabError extends Error {
  readonly code: LabErrorCode;
  readonly detail: string;
  readonly remedy: Remedy | undefined;

  constructor(
    code: LabErrorCode,
    message: string,
    options: { detail?: string; remedy?: Remedy; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'LabError';
    this.code = code;
    this.detail = options.detail ?? '';
    this.remedy = options.remedy;
  }

  /** The whole error as the terminal shows it. */
  toText(): string {
    const lines = [this.message];
    if (this.detail) lines.push(...this.detail.split('\n').map((line) => `  ${line}`));
    if (this.remedy) lines.push(`Next step: ${this.remedy.text}`);
    if (this.remedy?.command) lines.push(`  ${this.remedy.command}`);
    return lines.join('\n');
  }
}

export function isCancelled(error: unknown): boolean {
  return error instanceof LabError && error.code === 'cancelled';
}

/** Makes anything that was thrown a LabError-like text for a user, without a stack. */
export function errorText(error: unknown): string {
  if (error instanceof LabError) return error.toText();
  return error instanceof Error ? error.message : String(error);
}
