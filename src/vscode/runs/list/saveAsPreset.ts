import path from 'node:path';
import * as vscode from 'vscode';
import { buildStepOf } from '../../../core/programs/projects.js';
import type { LabService } from '../../labs/labService.js';
import { proposePreset } from '../../labs/proposePreset.js';
import { registerCommand } from '../../shared/commands.js';
import { commandIds, type RunRef } from '../../shared/contributions.js';
import { inform } from '../../shared/messages.js';
import type { Reporter } from '../../shared/reporter.js';
import { recordedProgram } from '../history/recordedProgram.js';
import type { ShownProfile } from '../shown/shownProfile.js';

interface Parts {
  readonly labs: LabService;
  readonly shown: ShownProfile;
  readonly reporter: Reporter;
}

/** Makes a preset of a recording, so that it can be measured again by name. */
export function registerSaveAsPreset(
  context: vscode.ExtensionContext,
  { labs, shown, reporter }: Parts,
): void {
  const save = async (ref?: RunRef) => {
    const current = shown.current;
    const wanted = ref ?? (current && { labFile: current.laboratory.lab.file, runId: current.run.id });
    if (!wanted) {
      void inform(vscode.l10n.t('Open the recording in the Runs view, then save it as a preset.'));
      return;
    }
    const entry = labs.entry(wanted.labFile);
    if (!entry?.laboratory) return;
    const { lab, store } = entry.laboratory;
    const run = await store.load(wanted.runId);
    const target = recordedProgram(run, lab.folder);
    if (!target) {
      void inform(
        vscode.l10n.t(
          "Only a recorded program can be a preset. {0} can't be started again.",
          run.preset.name,
        ),
      );
      return;
    }
    const { title } = await store.description(run.id);
    const { environment, stdin } = run.preset;
    const cwd = relative(lab.folder, target.cwd ?? lab.folder);
    const build = buildStepOf(lab.folder, target.program);
    await proposePreset(lab.folder, entry.origin === 'recordings' ? undefined : entry.file, {
      name: title ?? run.preset.name,
      program: relative(lab.folder, target.program),
      ...(target.args.length > 0 ? { args: target.args } : {}),
      ...(Object.keys(environment).length > 0 ? { environment } : {}),
      ...(cwd === '' ? {} : { cwd }),
      ...(stdin === undefined ? {} : { stdin: path.relative(target.cwd ?? lab.folder, stdin) }),
      ...(build ? { build } : {}),
    });
  };
  context.subscriptions.push(registerCommand(commandIds.saveAsPreset, reporter.guard(save)));
}

/** What is in the folder by its path in it, so that the lab file can be shared. */
function relative(folder: string, file: string): string {
  const inside = path.relative(folder, file);
  return inside.startsWith('..') || path.isAbsolute(inside) ? file : inside;
}
