import * as vscode from 'vscode';
import type { Setting } from './contributions.js';

export function readSetting<T>(setting: Setting<T>, scope?: vscode.ConfigurationScope): T {
  return vscode.workspace.getConfiguration(undefined, scope).get<T>(setting.key) ?? setting.default;
}

/** Shows the setting, to be changed. */
export function openSettings({ key }: Pick<Setting<unknown>, 'key'>): Thenable<unknown> {
  return vscode.commands.executeCommand('workbench.action.openSettings', key);
}

export function onSettingChanged(
  wanted: readonly Setting<unknown>[],
  listener: () => unknown,
): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (wanted.some(({ key }) => event.affectsConfiguration(key))) listener();
  });
}

/** Where it has an effect: in the workspace if that says otherwise, else for the user. */
export async function changeSetting<T>({ key }: Setting<T>, value: T): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  const inWorkspace = configuration.inspect(key)?.workspaceValue !== undefined;
  const { Global, Workspace } = vscode.ConfigurationTarget;
  await configuration.update(key, value, inWorkspace ? Workspace : Global);
}
