import * as vscode from 'vscode';
import { allocators } from '../../core/experiments/sides.js';
import type { LoadedLab } from '../../core/lab/loadLab.js';

interface Choice extends vscode.QuickPickItem {
  /** What it is for `parseSide`; a function asks for the rest. */
  readonly side?: string | (() => Thenable<string | undefined>);
}

/** Lets the user choose what a preset is measured beside, in the words of `hakmem-lab compare`. */
export async function pickBaseline(lab: LoadedLab, preset: string): Promise<string | undefined> {
  const presets = lab.definition.presets.filter(({ name }) => name !== preset);
  const separator = (label: string): Choice => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const choices: Choice[] = [
    ...(presets.length > 0 ? [separator(vscode.l10n.t('presets'))] : []),
    ...presets.map(({ name, description }) => ({
      label: name,
      description,
      side: `preset:${name}`,
    })),
    separator(vscode.l10n.t('the same preset')),
    {
      label: vscode.l10n.t('$(git-commit) As Built From a Commit...'),
      description: vscode.l10n.t('in a worktree of its own'),
      side: askCommit,
    },
    {
      label: vscode.l10n.t('$(library) With a Library to Preload...'),
      side: askLibrary,
    },
    ...allocators
      .filter((name) => name !== 'system')
      .map((name) => ({
        label: name,
        description: vscode.l10n.t('with this allocator'),
        side: `allocator:${name}`,
      })),
    separator(vscode.l10n.t('anything else')),
    { label: vscode.l10n.t('$(terminal) A Command...'), side: askCommand },
  ];
  const chosen = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t('Compare the Speed of {0} With', preset),
    placeHolder: vscode.l10n.t('Choose what to compare with (A); {0} is B', preset),
    matchOnDescription: true,
  });
  return typeof chosen?.side === 'function' ? chosen.side() : chosen?.side;
}

async function askCommit(): Promise<string | undefined> {
  const revision = await vscode.window.showInputBox({
    title: vscode.l10n.t('Commit to Compare With'),
    prompt: vscode.l10n.t('A hash, a branch, or a tag. Your files stay as they are.'),
    value: 'HEAD',
  });
  return revision ? `commit:${revision}` : undefined;
}

async function askCommand(): Promise<string | undefined> {
  const line = await vscode.window.showInputBox({
    title: vscode.l10n.t('Command to Compare With'),
    prompt: vscode.l10n.t('As in a terminal: variables, program, arguments.'),
  });
  return line ? `command:${line}` : undefined;
}

async function askLibrary(): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Library to Preload'),
      filters: { [vscode.l10n.t('Shared libraries')]: ['so', '*'] },
    })) ?? [];
  return file && `library:${file.fsPath}`;
}
