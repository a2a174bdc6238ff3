import * as vscode from 'vscode';
import { tagsIn } from '../../../core/store/runDescription.js';
import { TRASH_DAYS } from '../../../core/store/runStore.js';
import type { SavedRuns } from '../../../core/store/savedRuns.js';
import type { LabService } from '../../labs/labService.js';
import { executeCommand, registerCommand } from '../../shared/commands.js';
import { commandIds, type RunRef } from '../../shared/contributions.js';
import { inform } from '../../shared/messages.js';
import type { ReadOnlyDocuments } from '../../shared/readOnlyDocuments.js';
import type { Reporter } from '../../shared/reporter.js';
import type { ShownProfile } from '../shown/shownProfile.js';
import type { RunHistory } from './runHistory.js';
import { showRunReport } from './runReport.js';

interface Parts {
  readonly labs: LabService;
  readonly history: RunHistory;
  readonly shown: ShownProfile;
  readonly reporter: Reporter;
}

/** How long a deleted run can be brought back if its message is left alone, in milliseconds. */
const keptInTrash = TRASH_DAYS * 86_400_000;

/**
 * Saved runs: open, rename, note, delete.
 * @param selectedRun of the list, which a click on a row opens
 */
export function registerHistoryCommands(
  context: vscode.ExtensionContext,
  parts: Parts,
  documents: ReadOnlyDocuments,
  selectedRun: () => Promise<RunRef | undefined>,
): void {
  const { labs, reporter } = parts;
  const withStore = (use: (store: SavedRuns, runId: string) => unknown) =>
    reporter.guard((ref?: RunRef) => {
      const store = ref && labs.entry(ref.labFile)?.laboratory?.store;
      return store && use(store, ref.runId);
    });
  context.subscriptions.push(
    registerCommand(
      commandIds.openRun,
      reporter.guard(async (ref?: RunRef) => {
        const chosen = ref ?? (await selectedRun());
        if (chosen) await openRun(parts, documents, chosen);
      }),
    ),
    registerCommand(
      commandIds.renameRun,
      withStore((store, id) => describe(parts, store, id, 'title')),
    ),
    registerCommand(
      commandIds.editRunNote,
      withStore((store, id) => describe(parts, store, id, 'note')),
    ),
    registerCommand(
      commandIds.editRunTags,
      withStore((store, id) => editTags(parts, store, id)),
    ),
    registerCommand(
      commandIds.deleteRun,
      withStore((store, id) => deleteRun(parts, store, id)),
    ),
  );
}

async function openRun({ labs, shown }: Parts, documents: ReadOnlyDocuments, ref: RunRef): Promise<void> {
  const laboratory = labs.entry(ref.labFile)?.laboratory;
  if (!laboratory) return;
  const run = await laboratory.store.load(ref.runId);
  if (run.kind === 'bench') {
    await showRunReport(documents, run);
    return;
  }
  // The panel starts while the run is read: each takes about as long.
  const opening = shown.open(laboratory, ref.runId);
  await Promise.all([opening, executeCommand(commandIds.showPanel)]);
}

async function describe(
  { history }: Parts,
  store: SavedRuns,
  id: string,
  what: 'title' | 'note',
): Promise<void> {
  const [run, before] = await Promise.all([store.load(id), store.description(id)]);
  const { name } = run.preset;
  const text = await vscode.window.showInputBox(
    what === 'title'
      ? {
          title: vscode.l10n.t('Rename Run'),
          prompt: vscode.l10n.t('Leave empty for the name that it was recorded under, {0}.', name),
          value: before.title ?? name,
        }
      : {
          title: vscode.l10n.t('Note on {0}', before.title ?? name),
          prompt: vscode.l10n.t('Shown with the run. Leave empty to remove the note.'),
          value: before.note ?? '',
        },
  );
  if (text === undefined) return;
  await store.describe(id, { ...before, [what]: what === 'title' && text.trim() === name ? '' : text });
  history.refresh();
}

async function editTags({ history }: Parts, store: SavedRuns, id: string): Promise<void> {
  const [{ preset }, before] = await Promise.all([store.load(id), store.description(id)]);
  const line = await vscode.window.showInputBox({
    title: vscode.l10n.t('Tags of {0}', before.title ?? preset.name),
    prompt: vscode.l10n.t(
      'Words by which Filter Runs finds it, separated by spaces. Leave empty to remove them.',
    ),
    value: (before.tags ?? []).join(' '),
  });
  if (line === undefined) return;
  await store.describe(id, { ...before, tags: tagsIn(line) });
  history.refresh();
}

/** Deletes at once, and offers to take that back: no question stands in the way. */
async function deleteRun({ history, shown, reporter }: Parts, store: SavedRuns, id: string): Promise<void> {
  const { preset } = await store.load(id);
  const wasShown = shown.current?.run.id === id ? shown.current : undefined;
  await store.discard(id);
  if (wasShown) shown.clear();
  history.refresh();
  await store.emptyTrash({ before: new Date(Date.now() - keptInTrash) });
  let wanted = false;
  const undo = async () => {
    wanted = true;
    await store.restore(id);
    history.refresh();
    if (wasShown && !shown.current) await shown.open(wasShown.laboratory, id);
  };
  await inform(vscode.l10n.t('Deleted a run of {0}.', preset.name), {
    title: vscode.l10n.t('Undo'),
    run: reporter.guard(undo),
  });
  if (!wanted) await store.emptyTrash({ id });
}
