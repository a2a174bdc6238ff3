import * as vscode from 'vscode';
import { viewIds } from './contributions.js';
import type { Panel } from './panel/panel.js';
import { openNewestProfile } from './runs/newestProfile.js';
import { goToHottest } from './runs/runCommands.js';
import type { Services } from './services.js';

/**
 * What is shown when a window opens: the run that `npm start` asks for, else the newest profile's annotations.
 * Happens after activation, which does no I/O of its own.
 */
export function startWhenIdle(context: vscode.ExtensionContext, services: Services, panel: Panel): void {
  const { labs, reporter, shown } = services;
  const start = async () => {
    await labs.ready();
    if (await followOpenRequest(services, panel)) return;
    // A run may have been opened meanwhile, by the panel that VS Code brought back.
    if (!shown.current) await openNewestProfile(services);
  };
  const timer = setImmediate(() => {
    start().catch((error: unknown) => reporter.show(error));
  });
  context.subscriptions.push({ dispose: () => clearImmediate(timer) });
}

/** @returns whether there was a request; it is followed once */
async function followOpenRequest(services: Services, panel: Panel): Promise<boolean> {
  for (const { laboratory } of services.labs.all) {
    if (!laboratory) continue;
    const run = await laboratory.store.takeOpenRequest();
    if (run === undefined) continue;
    const opened = await services.shown.open(laboratory, run);
    await vscode.commands.executeCommand(`${viewIds.presets}.focus`);
    await goToHottest(opened, panel.column);
    await panel.reveal();
    return true;
  }
  return false;
}
