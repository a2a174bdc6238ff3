import { applyEdits, modify, parse } from 'jsonc-parser';
import path from 'node:path';
import * as vscode from 'vscode';
import { exists } from '../../core/files.js';
import { LAB_FILE_NAME } from '../../core/lab/findLabFile.js';
import { LAB_FORMAT_VERSION, type BuildStep, type LabFile } from '../../core/lab/labFile.js';
import { locateJson } from './jsonPlace.js';
import { labText } from './labService.js';

/** A preset of a lab file, with the defaults left out. */
export interface NewPreset {
  readonly name: string;
  readonly description?: string;
  readonly program: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Relative to the lab's folder, if it isn't that. */
  readonly cwd?: string;
  /** Relative to `cwd`. */
  readonly stdin?: string;
  readonly build?: BuildStep;
}

const layout = { formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' } };

/** The text of a lab file with one more preset; of a new one if there is none. @returns it with the preset's index */
export function withPreset(
  text: string | undefined,
  preset: NewPreset,
  folder: string,
): { text: string; index: number } {
  const before = text ?? '{}';
  const lab = parse(before) as Partial<Pick<LabFile, 'presets'>> | undefined;
  const presets = lab?.presets ?? [];
  const taken = new Set(presets.map(({ name }) => name));
  const named = { ...preset, name: unused(preset.name, taken) };
  const insert = (json: string, at: (string | number)[], value: unknown) =>
    applyEdits(json, modify(json, at, value, { ...layout, isArrayInsertion: typeof at.at(-1) === 'number' }));
  if (text !== undefined)
    return { text: insert(before, ['presets', presets.length], named), index: presets.length };
  const whole = {
    formatVersion: LAB_FORMAT_VERSION,
    name: path.basename(folder) || folder,
    presets: [named],
  };
  return { text: `${JSON.stringify(whole, null, 2)}\n`, index: 0 };
}

/** Names of presets are words: they are typed on a command line and are part of file names. */
function unused(wanted: string, taken: ReadonlySet<string>): string {
  const name = wanted.replace(/[^\w.+-]+/g, '_') || 'program';
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}-${n}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/**
 * Shows the folder's lab file with one more preset, its name selected. Nothing is written: the user looks at it, and saves.
 * @param file of the lab that the folder belongs to; undefined for a new one
 */
export async function proposePreset(
  folder: string,
  file: string | undefined,
  preset: NewPreset,
): Promise<void> {
  const target = file ?? path.join(folder, LAB_FILE_NAME);
  const there = await exists(target);
  const proposed = withPreset(there ? await labText(target) : undefined, preset, folder);
  const uri = vscode.Uri.file(target).with(there ? {} : { scheme: 'untitled' });
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  const end = document.lineAt(document.lineCount - 1).range.end;
  await editor.edit((edit) => edit.replace(new vscode.Range(new vscode.Position(0, 0), end), proposed.text));
  const name = locateJson(document.getText(), ['presets', proposed.index, 'name']);
  // Without the quotes, so that typing replaces the name.
  const range = new vscode.Range(document.positionAt(name.start + 1), document.positionAt(name.end - 1));
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
