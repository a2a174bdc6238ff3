/** The contents of the categories' table, without a document: rows of three levels, figures as text. */
import type { SourcePlace } from '../../../src/wire/protocol.js';

export interface Cell {
  readonly text: string;
  readonly number?: boolean;
  /** The cell links there. */
  readonly place?: SourcePlace;
}

export interface LineRow {
  readonly label: string;
  /** Undefined if the samples have no line. */
  readonly place: SourcePlace | undefined;
  readonly cells: readonly Cell[];
}

export interface FunctionRow {
  /** Index in the shown run; -1 for a function that only the other run has. */
  readonly func: number;
  readonly name: string;
  readonly fullName: string;
  readonly badge: string;
  readonly place: SourcePlace | undefined;
  /** Shares of the shown run. */
  readonly self: number;
  readonly total: number;
  readonly cells: readonly Cell[];
  /** Computed on demand: it reads all samples. */
  lines(): LineRow[];
}

export interface CategoryRow {
  /** -1 for none, or if the shown run does not have it. */
  readonly category: number;
  readonly name: string;
  readonly self: number;
  readonly cells: readonly Cell[];
  /** Beside the name; empty for nothing. */
  readonly badge: string;
  readonly functionCount: number;
  functions(from: number, to: number): FunctionRow[];
}

/** The bars of one run in the chart, one per category. */
interface Series {
  readonly label: string;
  readonly shares: readonly number[];
}

export interface CategoriesTable {
  /** Of the columns after the first. */
  readonly columns: readonly { readonly title: string; readonly number: boolean }[];
  readonly rows: readonly CategoryRow[];
  /** Samples without a function, if there are any. */
  readonly unattributed: readonly Cell[] | null;
  /** What the rows add up to, never an assumed 100%. */
  readonly sum: readonly Cell[];
  /** Share of the shown run. */
  readonly sumShare: number;
  readonly series: readonly Series[];
  readonly notes: readonly string[];
}

export const number = (text: string): Cell => ({ text, number: true });
export const empty: Cell = { text: '' };
