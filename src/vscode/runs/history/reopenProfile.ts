import { LabError } from '../../../core/labError.js';
import type * as vscode from 'vscode';
import type { LabService } from '../../labs/labService.js';
import type { LastShown } from '../shown/lastShown.js';
import type { ShownProfile } from '../shown/shownProfile.js';
import type { ShownRun } from '../shown/shownRun.js';
import type { RunHistory } from './runHistory.js';

/**
 * Shows the profile that the window showed last, or the newest of its labs where that was recorded since; undefined
 * when none was recorded yet. A profile that cannot be read is passed over: nobody asked for it by name.
 */
export async function reopenProfile({
  labs,
  history,
  log,
  shown,
  lastShown,
}: {
  readonly labs: LabService;
  readonly history: RunHistory;
  readonly log: vscode.LogOutputChannel;
  readonly shown: ShownProfile;
  readonly lastShown: LastShown;
}): Promise<ShownRun | undefined> {
  await labs.ready();
  const found = await Promise.all(
    labs.all.map(async ({ laboratory }) => {
      const runs = laboratory ? await history.list(laboratory.store) : [];
      return runs.flatMap((run) => (laboratory && run.kind === 'profile' ? [{ laboratory, run }] : []));
    }),
  );
  const newestFirst = found.flat().sort((a, b) => b.run.createdAt.localeCompare(a.run.createdAt));
  const candidates = newestFirst.map(({ laboratory, run }) => ({ laboratory, id: run.id }));
  const last = lastShown.run;
  const ofLast = last && labs.entry(last.labFile)?.laboratory;
  if (last && ofLast && (newestFirst[0]?.run.createdAt ?? '') <= last.at) {
    // It may be older than all that were listed, and is gone if it was deleted.
    if ((await ofLast.store.list()).includes(last.runId))
      candidates.unshift({ laboratory: ofLast, id: last.runId });
  }
  for (const { laboratory, id } of candidates) {
    try {
      return await shown.open(laboratory, id);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      log.warn(error.toText());
    }
  }
  return undefined;
}
