import type { TaskContext } from '../context.js';

/** A function at an address. Inlined functions have frames of their own. */
export interface SymbolFrame {
  readonly name: string;
  /** Absolute path; undefined without debug information. */
  readonly file: string | undefined;
  /** 1-based, 0 if unknown. */
  readonly line: number;
  /** 1-based line where the function is declared, 0 if the tool can't tell. */
  readonly declarationLine: number;
  readonly declarationFile: string | undefined;
}

/**
 * Maps addresses of one module to frames, innermost first, with mangled names; an empty list where nothing is known.
 */
export type SymbolTool = (
  module: string,
  addresses: readonly number[],
  context: Pick<TaskContext, 'signal'>,
) => Promise<SymbolFrame[][]>;

/** The name of an inlined function whose line is known. */
export const UNNAMED_INLINED = '[inlined]';
