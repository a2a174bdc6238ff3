import { applyEdits, findNodeAtLocation, modify, parseTree, type Edit, type JSONPath } from 'jsonc-parser';
import * as vscode from 'vscode';
import * as z from '../../core/zod.js';
import { labFileSchema } from '../../core/lab/labFile.js';

/** A change to a lab file that fixes one of its problems. */
export interface LabFix {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** What JSON Schema says of a value, as far as fixes need it. */
interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly type?: string;
  readonly const?: unknown;
}

const layout = { formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' } };
/** A name that differs by more characters than this is another name. */
const farthest = 3;

/** How a problem of a lab file can be fixed: unknown, missing, and wrong values. */
export function fixesFor(text: string, issue: z.$ZodIssue): LabFix[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const shape = shapeAt(path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.flatMap((key) => unknownKey(text, path, key, shape));
  if (issue.code === 'invalid_value') {
    return issue.values.map((value) => ({
      title: vscode.l10n.t('Change to {0}', JSON.stringify(value)),
      edits: modify(text, path, value, layout),
    }));
  }
  const key = path.at(-1);
  if (issue.code !== 'invalid_type' || typeof key !== 'string' || findNodeAt(text, path)) return [];
  const edits = modify(text, path, exampleOf(shape), layout);
  return [{ title: vscode.l10n.t('Add "{0}"', key), edits }];
}

/** The text with a fix made. */
export function withFix(text: string, { edits }: LabFix): string {
  return applyEdits(text, [...edits]);
}

function unknownKey(text: string, path: JSONPath, key: string, shape: Shape | undefined): LabFix[] {
  const taken = new Set(
    findNodeAt(text, path)?.children?.map(({ children }) => children?.[0]?.value as unknown),
  );
  const meant = Object.keys(shape?.properties ?? {})
    .filter((known) => !taken.has(known) && distance(key, known) <= Math.min(farthest, known.length / 2))
    .sort((a, b) => distance(key, a) - distance(key, b))
    .slice(0, 1);
  const name = findNodeAt(text, [...path, key])?.parent?.children?.[0];
  const renamed = meant.flatMap((known) =>
    name
      ? [
          {
            title: vscode.l10n.t('Did you mean "{0}"?', known),
            edits: [{ offset: name.offset, length: name.length, content: JSON.stringify(known) }],
          },
        ]
      : [],
  );
  const removed = {
    title: vscode.l10n.t('Remove "{0}"', key),
    edits: modify(text, [...path, key], undefined, layout),
  };
  return [...renamed, removed];
}

function findNodeAt(text: string, path: JSONPath) {
  const root = parseTree(text);
  return root && findNodeAtLocation(root, path);
}

function shapeAt(path: JSONPath): Shape | undefined {
  let shape: Shape | undefined = z.toJSONSchema(labFileSchema, { io: 'input' }) as unknown as Shape;
  for (const step of path) {
    const more: Shape | boolean | undefined = shape?.additionalProperties;
    if (typeof step === 'number') shape = shape?.items;
    else shape = shape?.properties?.[step] ?? (typeof more === 'object' ? more : undefined);
  }
  return shape;
}

/** A value to start from. */
function exampleOf(shape: Shape | undefined): unknown {
  if (shape?.const !== undefined) return shape.const;
  if (shape?.type === 'array') return [];
  if (shape?.type === 'object') return {};
  return shape?.type === 'number' || shape?.type === 'integer' ? 1 : '';
}

/** Insertions, deletions, and replacements between two names, without regard to case (Levenshtein). */
function distance(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}
