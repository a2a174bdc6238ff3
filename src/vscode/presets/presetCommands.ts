import * as vscode from 'vscode';
import { shortTime } from '../../text/dates.js';
import { locateJson } from '../labs/jsonPlace.js';
import { labText, type LabService } from '../labs/labService.js';
import type { Measurements } from '../runs/execution/measurements.js';
import type { Runner } from '../runs/execution/runner.js';
import type { Failures } from '../runs/history/failures.js';
import type { RunHistory } from '../runs/history/runHistory.js';
import { executeCommand, registerCommand } from '../shared/commands.js';
import { commandIds, type PresetRef } from '../shared/contributions.js';
import { inform } from '../shared/messages.js';
import type { Reporter } from '../shared/reporter.js';
import { runSummary } from '../shared/runTexts.js';

interface Parts {
  readonly labs: LabService;
  readonly history: RunHistory;
  readonly failures: Failures;
  readonly runner: Runner;
  readonly measurements: Measurements;
  readonly reporter: Reporter;
}

/** Run, profile, edit: from the tree with its item, from the palette with a choice. */
export function registerPresetCommands(context: vscode.ExtensionContext, parts: Parts): void {
  const { labs, history, runner, measurements, reporter } = parts;
  const withPreset = (title: () => string, use: (ref: PresetRef) => unknown) =>
    reporter.guard(async (ref?: PresetRef) => {
      const chosen = ref ?? (await pickPreset(parts, title()));
      if (chosen) await use(chosen);
    });
  const profile = withPreset(
    () => vscode.l10n.t('Profile Preset'),
    (ref) => measurements.profile(ref),
  );
  context.subscriptions.push(
    registerCommand(
      commandIds.runPreset,
      withPreset(
        () => vscode.l10n.t('Run Preset'),
        (ref) => measurements.run(ref),
      ),
    ),
    registerCommand(commandIds.profilePreset, profile),
    registerCommand(commandIds.profileAgain, () => (measurements.again ?? profile)()),
    registerCommand(
      commandIds.countInstructions,
      withPreset(
        () => vscode.l10n.t('Count Instructions'),
        (ref) => measurements.count(ref),
      ),
    ),
    registerCommand(commandIds.cancelRun, () => runner.cancel()),
    registerCommand(
      commandIds.editPreset,
      withPreset(
        () => vscode.l10n.t('Edit Preset'),
        (ref) => editPreset(labs, ref),
      ),
    ),
    registerCommand(
      commandIds.refresh,
      reporter.guard(async () => {
        await labs.ready();
        await labs.reload();
        history.refresh();
      }),
    ),
  );
}

/** Lets the user choose; undefined if not, or if there is none, which was said. */
export async function pickPreset(
  { labs, history, failures }: Pick<Parts, 'labs' | 'history' | 'failures'>,
  title: string,
): Promise<PresetRef | undefined> {
  await labs.ready();
  const several = labs.all.filter(({ origin }) => origin !== 'recordings').length > 1;
  const items = await Promise.all(
    labs.all.flatMap(({ file, laboratory }) =>
      (laboratory?.lab.definition.presets ?? []).map(async (preset) => {
        const [last] = laboratory ? await history.ofPreset(laboratory.store, preset.name) : [];
        const failed = failures.of({ labFile: file, preset: preset.name });
        const result = last
          ? `${runSummary(last)} · ${shortTime(last.createdAt)}`
          : (failed?.message ?? vscode.l10n.t('not run yet'));
        return {
          label: preset.name,
          description: several ? `${laboratory?.lab.definition.name} · ${result}` : result,
          detail: preset.description,
          ref: { labFile: file, preset: preset.name },
        };
      }),
    ),
  );
  if (items.length === 0) {
    showNoPreset(labs);
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    matchOnDetail: true,
    placeHolder: vscode.l10n.t('Choose a preset'),
  });
  return chosen?.ref;
}

function showNoPreset(labs: LabService): void {
  const invalid = labs.all.find(({ error }) => error);
  if (invalid) {
    void inform(vscode.l10n.t('There is no preset to choose, because {0} is not valid.', invalid.file), {
      title: vscode.l10n.t('Open Lab File'),
      run: () => executeCommand(commandIds.openLabFile, { labFile: invalid.file }),
    });
  } else {
    void inform(
      vscode.l10n.t(
        'There is no preset to choose, because this window has no hakmem-lab.json. You can profile any command without one.',
      ),
      {
        title: vscode.l10n.t('Profile a Command...'),
        run: () => executeCommand(commandIds.recordProgram),
      },
    );
  }
}

/** Opens the lab file with the cursor on the preset's name. */
async function editPreset(labs: LabService, ref: PresetRef): Promise<void> {
  const { file, definition } = (await labs.prepare(ref)).lab;
  const index = definition.presets.findIndex(({ name }) => name === ref.preset);
  const { start, end } = locateJson(await labText(file), ['presets', index, 'name']);
  const document = await vscode.workspace.openTextDocument(file);
  // Without the quotes, so that typing replaces the name.
  const name = new vscode.Range(document.positionAt(start + 1), document.positionAt(end - 1));
  await vscode.window.showTextDocument(document, { selection: name });
}
