import { escapedLines } from '../text/printable.js';
import type { LabErrorCode } from './errorCodes.js';

export type { LabErrorCode } from './errorCodes.js';

/** What the user can do next. `command` is a shell command that can be copied or run in a terminal. */
export interface Remedy {
  readonly text: string;
  readonly command?: string;
  /** A missing source: the user may show where it is. */
  readonly source?: { readonly file: string; readonly line: number };
}

/** An error for the user: what happened, why (`detail`), and what to do next (`remedy`). */
export class LabError extends Error {
  readonly code: LabErrorCode;
  readonly detail: string;
  readonly remedy: Remedy | undefined;

  constructor(
    code: LabErrorCode,
    message: string,
    options: { detail?: string; remedy?: Remedy | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'LabError';
    this.code = code;
    this.detail = options.detail ?? '';
    this.remedy = options.remedy;
  }

  /** The whole error as plain text. Control characters in the names it quotes never reach a terminal. */
  toText(): string {
    const lines = [this.message];
    if (this.detail) lines.push(...this.detail.split('\n').map((line) => `  ${line}`));
    if (this.remedy) lines.push(`Next step: ${this.remedy.text}`);
    if (this.remedy?.command) lines.push(`  ${this.remedy.command}`);
    return escapedLines(lines.join('\n'));
  }
}

export function canceled(): LabError {
  return new LabError('canceled', 'Canceled.');
}

export function isCanceled(error: unknown): boolean {
  return error instanceof LabError && error.code === 'canceled';
}

/** Anything that was thrown as text for the user, without a stack trace. */
export function errorText(error: unknown): string {
  if (error instanceof LabError) return error.toText();
  return escapedLines(messageOf(error));
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
