import * as vscode from 'vscode';
import type { Setting } from './contributions.js';

export function readSetting<T>(setting: Setting<T>, scope?: vscode.ConfigurationScope): T {
  return vscode.workspace.getConfiguration(undefined, scope).get<T>(setting.key) ?? setting.default;
}

export function onSettingChanged(
  wanted: readonly Setting<unknown>[],
  listener: () => unknown,
): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (wanted.some(({ key }) => event.affectsConfiguration(key))) listener();
  });
}
