import * as vscode from 'vscode';
import type { CommandArguments, CommandId, contextKeys } from './contributions.js';

/** Registers a contributed command; the compiler checks its arguments against the table. */
export function registerCommand<C extends CommandId>(
  id: C,
  handler: (...args: Partial<CommandArguments[C]>) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, handler as (...args: unknown[]) => unknown);
}

export function executeCommand<C extends CommandId>(id: C, ...args: CommandArguments[C]): Thenable<unknown> {
  return vscode.commands.executeCommand(id, ...args);
}

/** A command as tree items and Markdown links take it. */
export function command<C extends CommandId>(
  id: C,
  title: string,
  ...args: CommandArguments[C]
): vscode.Command {
  return { command: id, title, arguments: args };
}

/** A `command:` link for trusted Markdown. */
export function commandLink<C extends CommandId>(id: C, ...args: CommandArguments[C]): string {
  return `command:${id}?${encodeURIComponent(JSON.stringify(args))}`;
}

export function setContext(key: (typeof contextKeys)[keyof typeof contextKeys], value: unknown): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
