import * as vscode from 'vscode';
import { registerCommand } from '../shared/commands.js';
import { commandIds, type PresetRef } from '../shared/contributions.js';
import { runSummary, shortTime } from '../shared/runTexts.js';
import { locateJson } from '../labs/jsonPlace.js';
import { labText } from '../labs/labService.js';
import type { Services } from '../services.js';

/** Run, profile, edit: from the tree with its item, from the palette with a choice. */
export function registerPresetCommands(context: vscode.ExtensionContext, services: Services): void {
  const { labs, runner, reporter } = services;
  const withPreset = async (ref: PresetRef | undefined, title: string, use: (ref: PresetRef) => unknown) => {
    const chosen = ref ?? (await pickPreset(services, title));
    if (chosen) await use(chosen);
  };
  context.subscriptions.push(
    registerCommand(commandIds.runPreset, (ref) =>
      withPreset(ref, 'Run Preset', (chosen) => runner.run(chosen)),
    ),
    registerCommand(commandIds.profilePreset, (ref) =>
      withPreset(ref, 'Profile Preset', (chosen) => runner.profile(chosen)),
    ),
    registerCommand(commandIds.profileAgain, () =>
      withPreset(runner.last, 'Profile Preset', (chosen) => runner.profile(chosen)),
    ),
    registerCommand(commandIds.countInstructions, (ref) =>
      withPreset(ref, 'Count Instructions', (chosen) => runner.count(chosen)),
    ),
    registerCommand(commandIds.cancelRun, () => runner.cancel()),
    registerCommand(commandIds.editPreset, (ref) =>
      withPreset(ref, 'Edit Preset', (chosen) =>
        editPreset(services, chosen).catch((e: unknown) => reporter.show(e)),
      ),
    ),
    registerCommand(commandIds.openLabFile, async (lab) => {
      await labs.ready();
      const file = lab?.labFile ?? labs.all.find(({ origin }) => origin !== 'recordings')?.file;
      if (file) await vscode.window.showTextDocument(vscode.Uri.file(file));
    }),
    registerCommand(commandIds.refresh, async () => {
      await labs.ready();
      await labs.reload();
      services.history.refresh();
    }),
  );
}

async function pickPreset({ labs, history }: Services, title: string): Promise<PresetRef | undefined> {
  await labs.ready();
  const several = labs.all.length > 1;
  const items = await Promise.all(
    labs.all.flatMap(({ file, laboratory }) =>
      (laboratory?.lab.definition.presets ?? []).map(async (preset) => {
        const [last] = laboratory ? await history.ofPreset(laboratory.store, preset.name) : [];
        const result = last ? `${runSummary(last)} · ${shortTime(last.createdAt)}` : 'not run yet';
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
    void vscode.window.showInformationMessage('There is no valid lab file with presets in this window.');
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    matchOnDetail: true,
    placeHolder: 'Choose a preset',
  });
  return chosen?.ref;
}

/** Opens the lab file with the cursor on the preset's name. The specimen's is copied first: it is read-only. */
async function editPreset({ labs }: Services, ref: PresetRef): Promise<void> {
  const { file, definition } = (await labs.prepare(ref)).lab;
  const index = definition.presets.findIndex(({ name }) => name === ref.preset);
  const { start, end } = locateJson(await labText(file), ['presets', index, 'name']);
  const document = await vscode.workspace.openTextDocument(file);
  // Without the quotes, so that typing replaces the name.
  const name = new vscode.Range(document.positionAt(start + 1), document.positionAt(end - 1));
  await vscode.window.showTextDocument(document, { selection: name });
}
