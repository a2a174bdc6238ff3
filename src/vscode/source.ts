import path from 'node:path';
import * as vscode from 'vscode';
import { exists } from '../core/files.js';
import type { LoadedLab } from '../core/lab/loadLab.js';
import { LabError } from '../core/labError.js';
import { columnForSource } from './layout.js';

/** A place in the source; with a name, the cursor goes there rather than to the start of the line. */
export interface SourcePlace {
  readonly file: string;
  /** 1-based; 0 when only the file is known. */
  readonly line: number;
  readonly name?: string;
}

/**
 * Opens a source file at a line, beside the panel rather than over it.
 * @param panelColumn where the request came from, when it came from the panel
 * @throws LabError `run-unknown` when the file is not on this machine
 */
export async function openSource(
  { file, line, name }: SourcePlace,
  lab: LoadedLab | undefined,
  panelColumn?: vscode.ViewColumn,
): Promise<void> {
  const found = await findSource(file, lab);
  if (!found) {
    throw new LabError('source-missing', `The source ${file} is not on this machine.`, {
      remedy: {
        text: 'It belongs to a library, or was moved since the build: profile again after a build here.',
      },
    });
  }
  const uri = vscode.Uri.file(found);
  const viewColumn = await columnForSource(uri, panelColumn);
  const editor = await vscode.window.showTextDocument(uri, { viewColumn });
  const text = editor.document.lineAt(Math.min(Math.max(0, line - 1), editor.document.lineCount - 1));
  const column = name === undefined ? -1 : text.text.indexOf(name);
  const position = text.range.start.translate(0, column < 0 ? text.firstNonWhitespaceCharacterIndex : column);
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenter);
}

/** Where the file is: as it is named, or below a source root of the lab when the name is relative. */
export async function findSource(file: string, lab: LoadedLab | undefined): Promise<string | undefined> {
  const candidates = path.isAbsolute(file)
    ? [file]
    : (lab?.definition.sourceRoots ?? []).map((root) => path.resolve(lab?.folder ?? '', root, file));
  for (const candidate of candidates) {
    if (await exists(candidate)) return candidate;
  }
  return undefined;
}
