import * as vscode from 'vscode';
import type { LabService } from '../labs/labService.js';
import { reopenProfile } from '../runs/history/reopenProfile.js';
import type { RunHistory } from '../runs/history/runHistory.js';
import type { LastShown } from '../runs/shown/lastShown.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import { executeCommand } from '../shared/commands.js';
import { commandIds, viewIds } from '../shared/contributions.js';
import type { Reporter } from '../shared/reporter.js';

interface Parts {
  readonly log: vscode.LogOutputChannel;
  readonly reporter: Reporter;
  readonly labs: LabService;
  readonly history: RunHistory;
  readonly shown: ShownProfile;
  readonly lastShown: LastShown;
}

/**
 * What is shown when a window opens: the run that `npm start` asks for, else the one that it showed last, or a newer one.
 * Happens after activation, which does no I/O of its own.
 */
export function startWhenIdle(context: vscode.ExtensionContext, parts: Parts): void {
  const { labs, reporter, shown } = parts;
  const start = reporter.guard(async () => {
    await labs.ready();
    if (await followOpenRequest(parts)) return;
    // A run may have been opened meanwhile.
    if (!shown.current) await reopenProfile(parts);
  });
  const timer = setImmediate(() => void start());
  context.subscriptions.push({ dispose: () => clearImmediate(timer) });
}

/** @returns whether there was a request; it is followed once */
async function followOpenRequest({ labs, shown }: Parts): Promise<boolean> {
  for (const { laboratory } of labs.all) {
    if (!laboratory) continue;
    const run = await laboratory.store.takeOpenRequest();
    if (run === undefined) continue;
    await shown.open(laboratory, run);
    await vscode.commands.executeCommand(`${viewIds.presets}.focus`);
    await executeCommand(commandIds.goToHottest);
    await executeCommand(commandIds.showPanel);
    return true;
  }
  return false;
}
