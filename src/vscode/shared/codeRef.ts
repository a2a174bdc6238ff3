import * as vscode from 'vscode';
import { machineCodeScheme } from './contributions.js';

/** What a document of machine code shows, in its query. */
export interface CodeRef {
  readonly runId: string;
  readonly func: number;
  /** Index of the symbol that contains the function's code, by its cost. */
  readonly copy: number;
}

export function codeUri(title: string, ref: CodeRef): vscode.Uri {
  return vscode.Uri.from({
    scheme: machineCodeScheme,
    path: `/${title.replaceAll('/', '-')}`,
    query: JSON.stringify([ref.runId, ref.func, ref.copy]),
  });
}

export function refOf(uri: vscode.Uri): CodeRef {
  try {
    const [runId, func, copy] = JSON.parse(uri.query) as [string, number, number];
    return { runId: String(runId), func: Number(func), copy: Number(copy) };
  } catch {
    return { runId: '', func: -1, copy: 0 };
  }
}
