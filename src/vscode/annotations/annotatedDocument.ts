import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { visiblePart } from './annotationText.js';
import { applyChange, relocate, type TrackedLine } from './lineTracking.js';
import type { AnnotatedLine } from '../runs/shown/sourceCosts.js';

/** The annotations of one open document: they follow its edits, and know whether it was edited. */
export class AnnotatedDocument {
  private edited = false;

  private constructor(
    readonly shown: ShownRun,
    private tracked: readonly TrackedLine[],
    private readonly staleOnDisk: boolean,
  ) {}

  /** The document's annotations, or undefined when it is not in the profile. */
  static async of(
    document: vscode.TextDocument,
    shown: ShownRun,
    fileNames: ReadonlyMap<string, readonly string[]>,
  ): Promise<AnnotatedDocument | undefined> {
    const file = document.uri.fsPath;
    const names = fileNames.get(await realPath(file));
    if (!names) return undefined;
    const annotations = names.flatMap((name) => shown.costs.ofFile(name));
    const modified = await stat(file).then(
      ({ mtime }) => mtime,
      () => new Date(0),
    );
    const stale = document.isDirty || modified > new Date(shown.run.createdAt);
    const tracked = stale
      ? relocate(annotations, document.getText().split(/\r?\n/))
      : annotations.map((annotation) => ({ annotation, line: annotation.line }));
    return new AnnotatedDocument(shown, tracked, stale);
  }

  /** The source is no longer what was profiled. */
  get stale(): boolean {
    return this.staleOnDisk || this.edited;
  }

  /** @returns whether lines moved, so that the decorations have to be set again */
  apply(changes: readonly vscode.TextDocumentContentChangeEvent[]): boolean {
    if (changes.length === 0) return false;
    this.edited = true;
    let moved = false;
    for (const { range, text } of changes) {
      moved ||= range.start.line !== range.end.line || text.includes('\n');
      this.tracked = applyChange(this.tracked, {
        startLine: range.start.line,
        startCharacter: range.start.character,
        endLine: range.end.line,
        text,
      });
    }
    return moved;
  }

  /** What to show under a threshold, by 0-based line. */
  *visible(minimumPercent: number): Generator<{ line: number; annotation: AnnotatedLine }> {
    for (const { annotation, line } of this.tracked) {
      const part = visiblePart(annotation, minimumPercent);
      if (part) yield { line: line - 1, annotation: part };
    }
  }
}

/**
 * Files of a profile by real path: debug information names them through whatever symbolic links the build went.
 * Files that do not exist keep the name they have.
 */
export async function indexByRealPath(names: Iterable<string>): Promise<Map<string, string[]>> {
  const all = [...names];
  const real = await Promise.all(all.map(realPath));
  const index = new Map<string, string[]>();
  all.forEach((name, i) => {
    const key = real[i] as string;
    index.set(key, [...(index.get(key) ?? []), name]);
  });
  return index;
}

function realPath(file: string): Promise<string> {
  return realpath(file).catch(() => path.normalize(file));
}
