import type * as vscode from 'vscode';
import { setContext } from '../../shared/commands.js';
import { contextKeys } from '../../shared/contributions.js';
import type { Runner } from './runner.js';
import type { RunKind } from './runTitles.js';

/** Keeps the context keys of a run; set when it begins and ends only, since progress comes often. */
export function followRunner(runner: Runner): vscode.Disposable {
  let known: RunKind | undefined;
  return runner.onDidChange(() => {
    const kind = runner.current?.kind;
    if (kind === known) return;
    known = kind;
    setContext(contextKeys.running, kind !== undefined);
    setContext(contextKeys.recording, kind === 'record');
  });
}
