import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { sourceFromGit, sourceId } from '../../core/environment/profiledSources.js';
import { readRegular } from '../../core/files.js';
import type { PackedFiles } from '../../core/lab/loadLab.js';
import type { Profile } from '../../model/profile.js';
import type { ShownRun } from '../runs/shown/shownRun.js';

/** What is known of the text that was profiled. */
export interface ProfiledText {
  /** Undefined if that version can't be had. */
  readonly lines: readonly string[] | undefined;
  /** By which `profiledContent` finds it again; undefined if the run doesn't say. */
  readonly id: string | undefined;
}

/** Bytes: no source that is read line by line is larger. */
const maxBytes = 16 * 2 ** 20;

/**
 * The text of a file as it was profiled: that on disk if the run says so, else the copy of the run, else from Git. Runs
 * that say nothing, as imported ones, are taken to be of what was on disk when they were recorded.
 * @param names of the file in the profile
 */
export async function profiledText(
  uri: vscode.Uri,
  names: readonly string[],
  shown: ShownRun,
): Promise<ProfiledText> {
  let texts = known.get(shown.recorded);
  if (!texts) known.set(shown.recorded, (texts = new Map()));
  const key = [uri.fsPath, ...names].join('\0');
  const before = texts.get(key);
  if (before) return before;
  const text = await readText(uri, names, shown);
  // One that can't be had now may be found later.
  if (text.lines) texts.set(key, text);
  return text;
}

/** By profile and file: what was profiled stays the same, and is asked for whenever other samples are chosen. */
const known = new WeakMap<Profile, Map<string, ProfiledText>>();

async function readText(uri: vscode.Uri, names: readonly string[], shown: ShownRun): Promise<ProfiledText> {
  const file = uri.fsPath;
  const recorded = names.map((name) => shown.run.sources?.[name]).filter((id) => id !== undefined);
  const disk = await readRegular(file, maxBytes).catch(() => undefined);
  const decoded = async (content: Uint8Array) => splitLines(await vscode.workspace.decode(content, { uri }));
  // One of several names may be of a copy of the file.
  const id = recorded.find((one) => one !== null && disk && one === sourceId(disk)) ?? recorded[0];
  if (id === null) return { lines: undefined, id: undefined };
  if (id === undefined) {
    const modified = await stat(file).then(
      ({ mtime }) => mtime,
      () => new Date(),
    );
    const older = modified <= new Date(shown.run.createdAt);
    return { lines: older && disk ? await decoded(disk) : undefined, id: undefined };
  }
  if (disk && sourceId(disk) === id) return { lines: await decoded(disk), id };
  const content = await profiledContent(file, id, shown);
  return { lines: content && (await decoded(content)), id };
}

/** An archive's copy of a source. */
async function packedSource(packed: PackedFiles | undefined, id: string): Promise<Buffer | undefined> {
  const file = packed && [...packed.sources.values()].find((one) => path.basename(path.dirname(one)) === id);
  const content = file === undefined ? undefined : await readRegular(file, maxBytes).catch(() => undefined);
  return content && sourceId(content) === id ? content : undefined;
}

/** The profiled content of a file; undefined if neither the run, nor its archive, nor Git has it. */
export async function profiledContent(
  file: string,
  id: string,
  shown: ShownRun,
): Promise<Buffer | undefined> {
  const { store, lab } = shown.laboratory;
  const copy = await store.loadSource(shown.run.id, id).catch(() => undefined);
  const own = copy ?? (await packedSource(lab.packed, id)) ?? (await sourceFromGit(path.dirname(file), id));
  // A source that was located elsewhere may be of the repository that the run was recorded in.
  return own ?? sourceFromGit(lab.folder, id);
}

/** As VS Code splits them. */
export function splitLines(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}
