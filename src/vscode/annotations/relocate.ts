import { findDefinition } from '../../core/symbols/definitions.js';
import type { AnnotatedLine } from '../runs/shown/sourceCosts.js';

/** How far a definition is looked for from where it was. */
const reach = 300;

/**
 * The functions of a profile in another version of their file, by name; without figures of lines, which aren't
 * known there. Functions that are gone, or of which there are several, are left out.
 */
export function definitionsIn(
  annotations: readonly AnnotatedLine[],
  source: readonly string[],
): AnnotatedLine[] {
  const found = new Map<number, AnnotatedLine>();
  for (const { functions, line } of annotations) {
    for (const func of functions) {
      const now = definitionNear(func.name, line, source);
      if (now === undefined) continue;
      const there = found.get(now)?.functions ?? [];
      found.set(now, { line: now, functions: [...there, func], cost: undefined });
    }
  }
  return [...found.values()].sort((a, b) => a.line - b.line);
}

function definitionNear(name: string, line: number, source: readonly string[]): number | undefined {
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
  return nearest;
}
