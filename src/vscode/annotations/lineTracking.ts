import { findDefinition } from '../../core/symbols/definitions.js';
import type { AnnotatedLine } from '../runs/shown/sourceCosts.js';

/** One edit, as VS Code reports it: lines `startLine..endLine` (0-based) were replaced by `text`. */
export interface TextChange {
  readonly startLine: number;
  readonly startCharacter: number;
  readonly endLine: number;
  readonly text: string;
}

/** An annotation and the line that it has wandered to. */
export interface TrackedLine {
  readonly annotation: AnnotatedLine;
  /** 1-based, now. */
  readonly line: number;
}

/**
 * Moves annotations with an edit, as the text moves. Lines that the edit removes lose their annotation.
 * O(annotations) per edit.
 */
export function applyChange(tracked: readonly TrackedLine[], change: TextChange): TrackedLine[] {
  const added = change.text.split('\n').length - 1;
  const removed = change.endLine - change.startLine;
  if (added === removed && added === 0) return [...tracked];
  const moved: TrackedLine[] = [];
  for (const item of tracked) {
    const line = item.line - 1;
    if (line < change.startLine || (line === change.startLine && change.startCharacter > 0)) moved.push(item);
    else if (line >= change.endLine) moved.push({ ...item, line: item.line + added - removed });
  }
  return moved;
}

/** How far a definition is looked for from where it was. */
const reach = 300;

/**
 * Finds the annotated lines in a file that was edited after the build: each function is looked for by its name
 * and its lines move by as much as it did. Functions that are gone lose their annotations.
 */
export function relocate(annotations: readonly AnnotatedLine[], source: readonly string[]): TrackedLine[] {
  const shifts = new Map<string, number | undefined>();
  for (const { functions, line } of annotations) {
    for (const { name } of functions) shifts.set(name, shiftOf(name, line, source));
  }
  return annotations.flatMap((annotation) => {
    const name = annotation.functions[0]?.name ?? annotation.cost?.functions[0]?.name;
    if (name === undefined) return [];
    // A line of a function that is defined elsewhere (a macro's) stays where it is.
    const shift = shifts.has(name) ? shifts.get(name) : 0;
    const line = shift === undefined ? 0 : annotation.line + shift;
    return line >= 1 && line <= source.length ? [{ annotation, line }] : [];
  });
}

function shiftOf(name: string, line: number, source: readonly string[]): number | undefined {
  const candidates: number[] = [];
  for (let from = line + reach; from > 0;) {
    const found = findDefinition(source, name, from);
    if (found === 0 || found < line - reach) break;
    candidates.push(found);
    from = found - 1;
  }
  // A call can look like a definition, but stands further in; of several definitions the nearest is the one.
  const indents = candidates.map((candidate) => (source[candidate - 1] as string).search(/\S/));
  const outermost = candidates.filter((_, i) => indents[i] === Math.min(...indents));
  const [nearest] = outermost.sort((a, b) => Math.abs(a - line) - Math.abs(b - line));
  return nearest === undefined ? undefined : nearest - line;
}
