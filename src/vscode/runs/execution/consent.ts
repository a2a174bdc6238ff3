import { createHash } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { presetSchema, type LabFile, type Preset } from '../../../core/lab/labFile.js';
import type { LoadedLab } from '../../../core/lab/loadLab.js';
import type { Laboratory } from '../../../core/laboratory.js';
import { canceled } from '../../../core/labError.js';
import { formatCommandLine } from '../../../core/process/commandLine.js';
import type { RunDocument } from '../../../model/run.js';
import { printable } from '../../../text/printable.js';
import { executeCommand } from '../../shared/commands.js';
import { commandIds } from '../../shared/contributions.js';

const key = 'consents';
/** Older ones are forgotten, and asked for again. */
const maxKept = 500;
/** A modal shows this much of a command; the lab file shows all of it. */
const maxShown = 400;
export const maxPresets = 5;

/**
 * Trusting a workspace doesn't say what its lab file starts: that is shown once for each preset, and again when it has
 * changed. Only what was shown is started.
 */
export class Consent {
  constructor(private readonly memento: vscode.Memento) {}

  /**
   * @param recorded a program that a run has recorded and no lab file names
   * @throws LabError `canceled` unless the user agrees
   */
  async require(lab: LoadedLab, presets: readonly Preset[], recorded = false): Promise<void> {
    const given = this.memento.get<readonly string[]>(key, []);
    const asked = presets.filter((preset) => !given.includes(digestOf(lab, preset)));
    const [first, ...others] = asked;
    if (!first) return;
    const run = { title: vscode.l10n.t('Run') };
    const show = { title: recorded ? vscode.l10n.t('Show File') : vscode.l10n.t('Show Lab File') };
    const answer = await vscode.window.showInformationMessage(
      recorded
        ? vscode.l10n.t('Run the recorded command {0}?', first.name)
        : others.length === 0
          ? vscode.l10n.t('Run the commands of the preset {0}?', first.name)
          : vscode.l10n.t('Run the commands of these presets ({0})?', asked.length),
      { modal: true, detail: detailOf(lab, asked) },
      run,
      show,
    );
    if (answer === show && recorded)
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(lab.file));
    else if (answer === show) await executeCommand(commandIds.openLabFile, { labFile: lab.file });
    if (answer !== run) throw canceled();
    const agreed = asked.map((preset) => digestOf(lab, preset));
    await this.memento.update(key, [...given, ...agreed].slice(-maxKept));
  }

  /** Whether the user has agreed to all that a preset starts, as it is now. Asks nothing. */
  given(lab: LoadedLab, preset: Preset): boolean {
    return this.memento.get<readonly string[]>(key, []).includes(digestOf(lab, preset));
  }

  /** The same for the program of a saved run. @throws LabError `canceled` unless the user agrees */
  requireRun({ lab, store }: Laboratory, { id, preset }: RunDocument): Promise<void> {
    const { build: _, describe: __, ...definition } = lab.definition;
    const file = path.join(store.folder, 'runs', id, 'run.json');
    const named = lab.definition.presets.some(({ name }) => name === preset.name);
    return this.require({ ...lab, file, definition }, [presetSchema.parse(preset)], !named);
  }
}

/** Of everything that decides what is started, and where. */
function digestOf({ folder, definition }: LoadedLab, preset: Preset): string {
  const { build, describe } = definition;
  const { program, args, profileArgs, environment, cwd, stdin, rivals } = preset;
  const started = [program, args, profileArgs ?? null, environment, cwd ?? null, stdin ?? null, rivals];
  const what = [
    folder,
    preset.build ?? build ?? null,
    describe ?? null,
    started,
    matrixOf(definition, preset),
  ];
  return createHash('sha256').update(JSON.stringify(what)).digest('hex');
}

/** What matrices of the lab file set beside the preset's own environment. */
function matrixOf({ matrix }: LabFile, { name: preset }: Preset): string[] {
  return matrix
    .filter((one) => one.preset === preset)
    .map(({ options }) => options.map(({ name, values }) => `${name}=${values.join('|')}`).join(' '));
}

function detailOf(lab: LoadedLab, presets: readonly Preset[]): string {
  const shown = presets.slice(0, maxPresets).flatMap((preset) => [...startedLines(lab, preset), '']);
  const more = presets.length - maxPresets;
  return [
    ...shown,
    ...(more > 0 ? [vscode.l10n.t('… and {0} more presets, which the file shows.', more), ''] : []),
    vscode.l10n.t('They come from {0}. You are asked once, and again when they change.', printable(lab.file)),
  ].join('\n');
}

/** All that a preset starts, a line each, as the user is asked about it. */
export function startedLines({ folder, definition }: LoadedLab, preset: Preset): string[] {
  const { program, args, profileArgs, environment, cwd = '.', stdin } = preset;
  const build = preset.build ?? definition.build;
  const line = (
    command: string,
    own: readonly string[],
    variables: Readonly<Record<string, string>> = {},
  ) => {
    const text = printable(
      formatCommandLine({
        program: command,
        args: own,
        environment: variables,
        ...(stdin === undefined || command !== program ? {} : { stdin }),
      }),
    );
    return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
  };
  return [
    ...(build ? [vscode.l10n.t('Build: {0}', line(build.command, build.args))] : []),
    vscode.l10n.t('Program: {0}', line(program, args, environment)),
    ...(profileArgs ? [vscode.l10n.t('Profiled: {0}', line(program, profileArgs, environment))] : []),
    ...(definition.describe
      ? [vscode.l10n.t('Options: {0}', line(definition.describe.program, definition.describe.args))]
      : []),
    ...Object.values(preset.rivals)
      .filter((other) => other !== program)
      .map((other) => vscode.l10n.t('Competitor: {0}', line(other, args, environment))),
    ...matrixOf(definition, preset).map((options) => vscode.l10n.t('Matrix: {0}', printable(options))),
    vscode.l10n.t('Folder: {0}', printable(path.resolve(folder, cwd))),
  ];
}
