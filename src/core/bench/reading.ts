import path from 'node:path';
import { readRegularText } from '../files.js';
import type { OutputFormat } from '../lab/labFile.js';
import { count } from '../../text/numbers.js';
import { LabError, messageOf } from '../labError.js';
import { withinTimeLimit } from '../timeLimit.js';
import { parseLastLine } from './benchOutput.js';
import { caseFormats, jsonIn, printedCase, type PrintedCase } from './caseFormats.js';

/** For a pattern on everything that a program printed: reading 100 MB takes less than a second. */
const MAX_MILLISECONDS = 2_000;

/** What one execution printed. Empty for a program that isn't a benchmark. */
export interface Reading {
  readonly opsPerSec?: number;
  readonly peakRssBytes?: number;
  readonly cases: readonly PrintedCase[];
}

/**
 * Finds the figures in what a program printed: as the preset says, or else in a format that is known.
 * @param folder where the program ran
 * @throws LabError `program-output` if the preset says where they are and they aren't there
 */
export async function readOutput(
  stdout: string,
  command: string,
  format: OutputFormat | undefined,
  folder: string,
): Promise<Reading> {
  const text =
    format?.file === undefined ? stdout : await readText(path.resolve(folder, format.file), command);
  if (format?.regex !== undefined || format?.jsonPath !== undefined) {
    const value =
      format.regex === undefined ? atPath(text, format.jsonPath ?? '') : match(text, format.regex, command);
    if (value === undefined) throw notThere(command, format, text);
    return { cases: [printedCase(format.name ?? 'result', value, format.unit ?? 's')] };
  }
  const printed = parseLastLine(text);
  if (printed) return { opsPerSec: printed.opsPerSec, peakRssBytes: printed.peakRssBytes, cases: [] };
  for (const read of caseFormats) {
    const cases = read(text);
    if (cases) return { cases };
  }
  return { cases: [] };
}

async function readText(file: string, command: string): Promise<string> {
  try {
    return await readRegularText(file);
  } catch (cause) {
    throw new LabError('program-output', `The program wrote no ${path.basename(file)}.`, {
      detail: `$ ${command}\n${messageOf(cause)}`,
      remedy: { text: 'Check "output" in the preset, and the arguments that name the file.' },
      cause,
    });
  }
}

/** The number in the last match: in its first group, or the whole. The pattern may come with a workspace. */
function match(text: string, source: string, command: string): number | undefined {
  const pattern = new RegExp(source, 'gm');
  let last = undefined as RegExpExecArray | undefined;
  // The last one is kept, since an empty pattern matches as often as there are characters.
  const inTime = withinTimeLimit(MAX_MILLISECONDS, () => {
    for (const found of text.matchAll(pattern)) last = found;
  });
  if (!inTime) {
    throw new LabError('program-output', 'The regular expression in "output" takes too long.', {
      detail: `$ ${command}
${source.slice(0, 200)} was stopped after ${MAX_MILLISECONDS / 1000} s, on ${count(text.length)} characters.`,
      remedy: {
        text: 'Make it match in one way only: "(a+)+" tries them all. Let it begin with text that is printed once.',
      },
    });
  }
  return last && finite(last[1] ?? last[0]);
}

/** The number at a path like `$.results[0].mean`. */
function atPath(text: string, jsonPath: string): number | undefined {
  let at: unknown = jsonIn(text);
  for (const [, name, index] of jsonPath.matchAll(/([^.[\]$]+)|\[(\d+)\]/g)) {
    const key = name ?? index ?? '';
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return finite(at);
}

function finite(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value.replaceAll(',', '')) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function notThere(command: string, { regex, jsonPath }: OutputFormat, text: string): LabError {
  const what = regex === undefined ? `no number at ${jsonPath}` : `nothing that matches ${regex}`;
  return new LabError('program-output', `The program printed ${what}.`, {
    detail: `$ ${command}\nLast line: ${text.trimEnd().split('\n').at(-1)?.slice(0, 200) || '(nothing)'}`,
    remedy: { text: 'Correct "output" in the preset, or leave it out to measure the time of the execution.' },
  });
}
