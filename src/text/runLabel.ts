import type { RunDocument } from '../model/run.js';
import { shellWord } from './shellWord.js';

/** Characters of the arguments where there is little room: runs of one program differ at their start. */
const shownArguments = 16;

/**
 * What a run is called: as the user named it, or by its preset, or by the program and the start of its arguments.
 * @param recording a recorded program that no preset names
 * @param alike as many characters of the arguments that don't tell it apart from others (`alikeStart`)
 */
export function runLabel(
  { preset }: RunDocument,
  title: string | undefined,
  recording: boolean,
  { longest = shownArguments, alike = 0 } = {},
): string {
  if (title !== undefined) return title;
  const whole = recording ? argumentLine(preset.args) : '';
  const line = alike > 0 && whole !== '' ? `…${whole.slice(alike)}` : whole;
  const shown = line.length > longest ? `${line.slice(0, longest)}…` : line;
  return [preset.name, shown].filter(Boolean).join(' ');
}

/** The same in full width. @param presets of the lab: what none of them names was recorded */
export function runName(
  run: RunDocument,
  title: string | undefined,
  presets: readonly { readonly name: string }[],
): string {
  return runLabel(run, title, !presets.some(({ name }) => name === run.preset.name), { longest: 40 });
}

/** Program arguments as a user would type them; empty without any. */
export function argumentLine(args: readonly string[]): string {
  return args.map(shellWord).join(' ');
}
