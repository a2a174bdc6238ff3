import type { MatrixResult } from './matrixResult.js';

interface NoEffect {
  readonly reason: string;
  /** The name of the matrix that found it. */
  readonly matrix: string;
}

/**
 * Which variables of a preset have no effect, by name, as far as matrices tell: those that one found dead in every
 * combination that the preset may be.
 * @param matrices oldest first; the newest that has a variable counts
 */
export function presetDeadOptions(
  matrices: readonly MatrixResult[],
  environment: Readonly<Record<string, string>>,
): Map<string, NoEffect> {
  const found = new Map<string, NoEffect>();
  for (const { name: matrix, options, cells, reasons, dead } of matrices) {
    const own = options.filter(({ name }) => environment[name] !== undefined);
    const possible = [...cells.keys()].filter((cell) =>
      own.every(({ name, values }) => {
        const at = cells[cell]?.[options.findIndex((option) => option.name === name)] ?? -1;
        return values[at] === environment[name];
      }),
    );
    for (const { name } of own) {
      found.delete(name);
      const one = dead.find((option) => option.name === name);
      if (one === undefined || possible.length === 0) continue;
      const said = possible.every((cell) => reasons[cell]?.[name] !== undefined);
      if (one.cells === 0 || said) found.set(name, { reason: one.reason, matrix });
    }
  }
  return found;
}
