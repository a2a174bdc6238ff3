import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { openRegular } from '../../core/files.js';
import { detectFormat } from '../../core/import/detect.js';

/** Bytes of perf.data's mark. */
const markLength = 8;

/** Calls `use` with a file on this machine: of a file elsewhere, with a copy that lasts as long as the call. */
export async function withLocalFile<T>(uri: vscode.Uri, use: (file: string) => Promise<T>): Promise<T> {
  if (uri.scheme === 'file') return use(uri.fsPath);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hakmem-lab-'));
  try {
    const file = path.join(folder, path.posix.basename(uri.path) || 'profile');
    await writeFile(file, await vscode.workspace.fs.readFile(uri));
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether reading the file runs tools on programs that it names. */
export async function startsSymbolizer(file: string): Promise<boolean> {
  const handle = await openRegular(file).catch(() => undefined);
  if (!handle) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(markLength), 0, markLength, 0);
    return detectFormat(buffer.subarray(0, bytesRead), path.basename(file)) === 'perf.data';
  } finally {
    await handle.close();
  }
}
