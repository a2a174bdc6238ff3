/** A cell of an experiment: for each factor the index of its level. */
export type Cell = readonly number[];

/** Up to this many factors, every combination is measured. */
const FULL_UP_TO = 4;

/** First rows of Plackett and Burman's designs (1946, Biometrika 33:305), by the number of factors that they take. */
const generators: readonly string[] = [
  '+++-+--',
  '++-+++---+-',
  '++--++++-+-+----++-',
  '+++++-+-++--++--+-+----',
];

/**
 * The cells to measure: every combination of up to four factors. Of more, which must have two levels each, a
 * Plackett–Burman design with its foldover, in which main effects are clear of interactions of two factors.
 * @param levels the number of levels of each factor
 * @throws RangeError for more factors than there is a design for, or more than two levels in one
 */
export function designOf(levels: readonly number[]): Cell[] {
  if (levels.length <= FULL_UP_TO)
    return levels.reduce<Cell[]>(
      (cells, count) =>
        cells.flatMap((cell) => Array.from({ length: count }, (_, level) => [...cell, level])),
      [[]],
    );
  if (levels.some((count) => count !== 2))
    throw new RangeError('more than four options need two values each');
  const generator = generators.find(({ length }) => length >= levels.length);
  if (generator === undefined) throw new RangeError('there is no design for so many options');
  const n = generator.length;
  const rows = Array.from({ length: n }, (_, row) =>
    levels.map((_, factor) => (generator[(factor - row + n) % n] === '+' ? 1 : 0)),
  );
  rows.push(levels.map(() => 0));
  return [...rows, ...rows.map((row) => row.map((level) => 1 - level))];
}

export function isFullDesign(factors: number): boolean {
  return factors <= FULL_UP_TO;
}

/** The mean of the values of cells with one level of a factor, minus that of cells with its first. */
export function mainEffect(
  cells: readonly Cell[],
  values: readonly number[],
  factor: number,
  level: number,
): number {
  const mean = meanWhere(cells, values);
  return mean((cell) => cell[factor] === level) - mean((cell) => cell[factor] === 0);
}

/** How much the effect of one factor's second level depends on the other factor: half the difference of its effects. */
export function interaction(cells: readonly Cell[], values: readonly number[], a: number, b: number): number {
  const mean = meanWhere(cells, values);
  const at = (levelA: number, levelB: number) => mean((cell) => cell[a] === levelA && cell[b] === levelB);
  return (at(1, 1) - at(0, 1) - (at(1, 0) - at(0, 0))) / 2;
}

function meanWhere(cells: readonly Cell[], values: readonly number[]) {
  return (wanted: (cell: Cell) => boolean): number => {
    const chosen = values.filter((_, i) => wanted(cells[i] as Cell));
    return chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
  };
}
