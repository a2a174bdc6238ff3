import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { CallGraph } from '../../core/perf/options.js';
import { inspectProgram, type Lacking } from '../../core/programs/inspect.js';
import { findProjects } from '../../core/programs/projects.js';
import { executeCommand } from '../shared/commands.js';
import { commandIds, settings } from '../shared/contributions.js';
import { readSetting } from '../shared/settings.js';

/** Answers, by program and the time it was built. */
const key = 'programs.unwinding';

interface Answer extends vscode.QuickPickItem {
  readonly callGraph: CallGraph | undefined | 'build';
}

/**
 * Says before a recording what the program lacks for callers and lines, and asks how to record it. The answer is kept
 * until the program is built again.
 * @param advice how to build it with what it lacks
 * @returns what to use instead of the settings; `canceled` if the question was dismissed
 */
export async function chooseUnwinding(
  file: string,
  advice: string,
  state: vscode.Memento,
): Promise<{ readonly callGraph: CallGraph | undefined } | 'canceled'> {
  const configured = readSetting(settings.profileCallGraph);
  const lacking = await inspectProgram(file);
  const missing = lacking && configured === 'fp' ? missingText(lacking) : undefined;
  if (missing === undefined) return { callGraph: undefined };
  const version = `${file}\0${(await stat(file)).mtimeMs}`;
  const before = (state.get<Record<string, CallGraph | 'settings'>>(key) ?? {})[version];
  if (before !== undefined) return { callGraph: before === 'settings' ? undefined : before };
  const dwarf: Answer = {
    label: vscode.l10n.t('Record with DWARF unwinding'),
    detail: vscode.l10n.t('Finds callers without frame pointers. The recording is larger and less frequent.'),
    callGraph: 'dwarf',
  };
  const asItIs: Answer = {
    label: vscode.l10n.t('Record as it is'),
    detail: vscode.l10n.t('To build it with everything: {0}', advice),
    callGraph: undefined,
  };
  const build: Answer = {
    label: vscode.l10n.t('Profile a Build Target...'),
    detail: vscode.l10n.t('Builds it with everything, in a folder of its own.'),
    callGraph: 'build',
  };
  const answers = [
    ...(lacking?.framePointers ? [dwarf] : []),
    asItIs,
    ...((await canBuild()) ? [build] : []),
  ];
  const chosen = await vscode.window.showQuickPick(answers, {
    title: missing,
    placeHolder: vscode.l10n.t('Choose how to record it'),
    ignoreFocusOut: true,
  });
  if (!chosen) return 'canceled';
  if (chosen.callGraph === 'build') {
    // Not awaited: the command that asked is over.
    void executeCommand(commandIds.profileTarget);
    return 'canceled';
  }
  await state.update(key, { [version]: chosen.callGraph ?? 'settings' });
  return { callGraph: chosen.callGraph };
}

async function canBuild(): Promise<boolean> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const projects = await Promise.all(folders.map(({ uri }) => findProjects(uri.fsPath)));
  return projects.some((found) => found.length > 0);
}

function missingText({ debugInformation, framePointers }: Lacking): string | undefined {
  if (debugInformation && framePointers)
    return vscode.l10n.t(
      'The program has no debug information (no lines) and no frame pointers (no callers)',
    );
  if (debugInformation)
    return vscode.l10n.t('The program has no debug information, so no lines can be shown');
  return framePointers
    ? vscode.l10n.t('The program has no frame pointers, so callers would be missing')
    : undefined;
}
