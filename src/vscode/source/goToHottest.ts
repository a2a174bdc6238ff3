import * as vscode from 'vscode';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { executeCommand, registerCommand } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import { inform, offerProfiling } from '../shared/messages.js';
import type { Reporter } from '../shared/reporter.js';
import { findSource, openSource } from './openSource.js';

/** The way from a profile to its source. */
export function registerGoToHottest(
  context: vscode.ExtensionContext,
  { shown, reporter }: { readonly shown: ShownProfile; readonly reporter: Reporter },
): void {
  context.subscriptions.push(
    registerCommand(
      commandIds.goToHottest,
      reporter.guard(() => goToHottest(shown.current)),
    ),
  );
}

/** Opens the definition of the hottest function whose source is here. */
async function goToHottest(shown: ShownRun | undefined): Promise<void> {
  if (!shown) {
    void offerProfiling(vscode.l10n.t('There is no profile yet. Profile a preset first.'));
    return;
  }
  const { lab } = shown.laboratory;
  for (const { file, line, name, selfPercent } of shown.document.functions) {
    if (selfPercent === 0) break;
    if (file === null || line === null || !(await findSource(file, lab))) continue;
    await openSource({ file, line }, lab, name);
    return;
  }
  void inform(
    vscode.l10n.t(
      'None of the hot functions has its source on this machine. Build the program here with debug information (-g), then profile again.',
    ),
    { title: vscode.l10n.t('Profile Again'), run: () => executeCommand(commandIds.profileAgain) },
  );
}
