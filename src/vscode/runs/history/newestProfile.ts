import { LabError } from '../../../core/labError.js';
import type * as vscode from 'vscode';
import type { LabService } from '../../labs/labService.js';
import type { ShownProfile } from '../shown/shownProfile.js';
import type { ShownRun } from '../shown/shownRun.js';
import type { RunHistory } from './runHistory.js';

/**
 * Shows the newest profile of the window's labs; undefined when none was recorded yet. A profile that cannot be
 * read is passed over: nobody asked for it by name.
 */
export async function openNewestProfile({
  labs,
  history,
  log,
  shown,
}: {
  readonly labs: LabService;
  readonly history: RunHistory;
  readonly log: vscode.LogOutputChannel;
  readonly shown: ShownProfile;
}): Promise<ShownRun | undefined> {
  await labs.ready();
  const candidates = await Promise.all(
    labs.all.map(async ({ laboratory }) => {
      const runs = laboratory ? await history.list(laboratory.store) : [];
      return runs.flatMap((run) => (laboratory && run.kind === 'profile' ? [{ laboratory, run }] : []));
    }),
  );
  const newestFirst = candidates.flat().sort((a, b) => b.run.createdAt.localeCompare(a.run.createdAt));
  for (const { laboratory, run } of newestFirst) {
    try {
      return await shown.open(laboratory, run.id);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      log.warn(error.toText());
    }
  }
  return undefined;
}
