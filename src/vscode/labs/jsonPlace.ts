import { findNodeAtLocation, parseTree, type JSONPath, type Node } from 'jsonc-parser';

/** Offsets of the value at `path`; of the innermost value on the way when the path leads nowhere. */
export function locateJson(text: string, path: JSONPath): { start: number; end: number } {
  const root = parseTree(text);
  let found: Node | undefined;
  for (let length = path.length; root && !found && length >= 0; length--) {
    found = findNodeAtLocation(root, path.slice(0, length));
  }
  const start = found?.offset ?? 0;
  return { start, end: start + (found?.length ?? 0) };
}

/** Offset that a message of `JSON.parse` names, or undefined. */
export function syntaxErrorOffset(message: string): number | undefined {
  const match = /at position (\d+)/.exec(message);
  return match ? Number(match[1]) : undefined;
}
