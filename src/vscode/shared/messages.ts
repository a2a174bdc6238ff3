import * as vscode from 'vscode';
import { executeCommand } from './commands.js';
import { commandIds } from './contributions.js';

/**
 * VS Code makes links of `[text](target)` in messages, also of commands. Names of programs and files are in them, which
 * must not: a character without width comes between.
 */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', ']\u200b(');
}

/** A button of a message, and what it does. */
export interface Action {
  readonly title: string;
  readonly run: () => unknown;
}

/** Like the others, resolves when the message is answered or dismissed; nobody needs to wait for it. */
export async function inform(message: string, ...actions: readonly Action[]): Promise<void> {
  await (await vscode.window.showInformationMessage(withoutLinks(message), ...actions))?.run();
}

export async function warn(message: string, ...actions: readonly Action[]): Promise<void> {
  await (await vscode.window.showWarningMessage(withoutLinks(message), ...actions))?.run();
}

export async function fail(message: string, ...actions: readonly Action[]): Promise<void> {
  await (await vscode.window.showErrorMessage(withoutLinks(message), ...actions))?.run();
}

/** Milliseconds for which a text of the status bar is shown: enough to read two lines. */
const briefly = 6_000;

/** Says in the status bar, for some seconds, what needs no answer. @param icon of VS Code, by its name */
export function mention(icon: string, text: string): void {
  vscode.window.setStatusBarMessage(`$(${icon}) ${text}`, briefly);
}

/** Something needs a profile, and there is none. */
export function offerProfiling(message: string): Promise<void> {
  return inform(message, {
    title: vscode.l10n.t('Profile Preset...'),
    run: () => executeCommand(commandIds.profilePreset),
  });
}
