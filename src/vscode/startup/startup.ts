import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod';
import { STORE_FOLDER } from '../../core/store/runStore.js';
import { viewIds } from '../shared/contributions.js';
import type { Panel } from '../panel/panel.js';
import { openNewestProfile } from '../runs/history/newestProfile.js';
import { goToHottest } from '../runs/history/historyCommands.js';
import type { Services } from '../services.js';

/** Beside the runs; written by `npm start`, which has just recorded the run and opens this window. */
const openRequest = z.object({ run: z.string() });

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
    const file = path.join(laboratory.lab.folder, STORE_FOLDER, 'open.json');
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    await rm(file, { force: true });
    const { run } = openRequest.parse(JSON.parse(text));
    const opened = await services.shown.open(laboratory, run);
    await vscode.commands.executeCommand(`${viewIds.presets}.focus`);
    await goToHottest(opened, panel.column);
    await panel.reveal();
    return true;
  }
  return false;
}
