import { Option, type Command } from 'commander';
import path from 'node:path';
import { eventNamed } from '../core/import/events.js';
import { syntaxes, type Syntax } from '../core/machineCode/disassembler.js';
import { blockMark, codeRows } from '../core/machineCode/codeRow.js';
import { listing, type ListingRow } from '../core/machineCode/listing.js';
import { machineCode, type MachineCode } from '../core/machineCode/machineCode.js';
import { functionNamed } from '../core/machineCode/namedFunction.js';
import { Sources } from '../core/machineCode/sources.js';
import type { EventProfile } from '../model/profile.js';
import { count, percent, plural } from '../text/numbers.js';
import { escaped } from '../text/printable.js';
import { ofEvent } from '../views/sampleFilter.js';
import { findSource } from '../core/lab/findSource.js';
import { withSymbolFolder } from '../core/symbols/symbolFolders.js';
import { openRunOrFile } from './common.js';
import { placeOptions, usePlaces, type Places } from './places.js';
import { clipped, widthOf } from './terminal.js';
import { print, terminalContext, type Common, type MakeCommand } from './output.js';

interface AnnotateCommand extends Common, Places {
  readonly select?: string;
  readonly syntax: Syntax;
  readonly source: boolean;
  readonly all?: boolean;
}

/** `annotate`: source and machine code of a function in the terminal. */
export function addAnnotateCommand(command: MakeCommand, signal: AbortSignal): void {
  placeOptions(
    command(
      'annotate <function> [run-or-file]',
      "show what a function's source lines and instructions cost, in a saved run (the latest by default) or a profile",
    ) as Command,
  )
    .option('--select <event>', 'event to show (default: the first)')
    .addOption(
      new Option('--syntax <syntax>', 'how x86 operands are written').choices(syntaxes).default('intel'),
    )
    .option('--no-source', 'only instructions')
    .option('--all', 'also instructions far from any with a cost')
    .action(async (name: string, id: string | undefined, options: AnnotateCommand) => {
      usePlaces(options);
      const context = terminalContext(signal);
      const { laboratory, run, profile: recorded } = await openRunOrFile(options, id, context);
      const { lab } = laboratory;
      const profile = ofEvent(
        recorded,
        options.select === undefined ? 0 : eventNamed(recorded, options.select),
      );
      const func = functionNamed(profile, name);
      const code = await withSymbolFolder(lab.packed?.symbols, () =>
        machineCode(profile, func, { syntax: options.syntax }, context),
      );
      const sources = new Sources((file) => findSource(file, lab, code.module));
      const rows = await listing(code, sources, options.all === true);
      print(options, codeDocument(run.id, profile, code), () =>
        codeText(profile, code, options.source ? rows : rows.filter(isCode)),
      );
    });
}

function isCode({ kind }: ListingRow): boolean {
  return kind === 'instruction' || kind === 'skipped';
}

/** Percentages are of the symbol, as in perf annotate. */
function codeDocument(run: string, { event }: EventProfile, code: MachineCode): object {
  const { symbol, module, instructions, weight, samples, symbolWeight, all, frames, targets } = code;
  return {
    run,
    event: event.name,
    symbol,
    module,
    symbolPercent: (symbolWeight / all) * 100,
    copies: code.copies.map((c) => ({
      symbol: c.symbol,
      module: c.module,
      percent: (c.weight / all) * 100,
    })),
    hottestBlock: code.hottest && {
      from: instructions[code.hottest.from]?.address,
      to: instructions[code.hottest.to - 1]?.address,
    },
    instructions: instructions.map(({ address, mnemonic, operands }, i) => ({
      address,
      text: `${mnemonic} ${operands}`.trim(),
      percent: symbolWeight === 0 ? 0 : ((weight[i] as number) / symbolWeight) * 100,
      weight: weight[i],
      ...(samples ? { samples: samples[i] } : {}),
      ...((targets[i] as number) < 0 ? {} : { target: instructions[targets[i] as number]?.address }),
      lines: (frames[i] ?? []).map(({ name, file, line }) => ({ function: name, file: file ?? null, line })),
    })),
  };
}

/** Lines fit a terminal of 80 columns; what is longer is cut. */
const columns = 80;
/** Of branches: more would leave too little for the instructions. */
const lanes = 5;

function codeText(profile: EventProfile, code: MachineCode, rows: readonly ListingRow[]): string {
  const body = codeRows(code, rows, lanes).map(({ text }) => clipped(text, columns, 'end'));
  return [...heading(profile, code), '', ...body].join('\n');
}

function heading({ event, samples }: EventProfile, code: MachineCode): string[] {
  const { symbol, module, symbolWeight, all, hottest, instructions, weight, copies } = code;
  const taken = code.samples?.reduce((sum, one) => sum + one, 0);
  const of =
    taken === undefined
      ? `${count(symbolWeight)} of ${count(all)} ${event.name}`
      : `${count(taken)} of ${plural(samples.length, 'sample')} of ${event.name}`;
  const lines = [
    `${symbol} in ${path.basename(module)}`,
    `${percent(all === 0 ? 0 : symbolWeight / all)} of the profile: ${of}`,
  ];
  if (hottest) {
    const block = weight.subarray(hottest.from, hottest.to).reduce((sum, one) => sum + one, 0);
    const [from, to] = [hottest.from, hottest.to - 1].map((i) => instructions[i]?.address.toString(16) ?? '');
    lines.push(
      `Hottest block: ${from}–${to}, ${percent(block / symbolWeight)} of the function (marked ${blockMark})`,
    );
  }
  if (copies.length > 1) {
    const others = copies.filter((copy) => copy.symbol !== symbol);
    const named = others.slice(0, 3).map((c) => `${c.symbol} ${percent(c.weight / all)}`);
    if (named.length > 0)
      lines.push(`Also in: ${named.join(', ')}${others.length > 3 ? `, … ${others.length - 3} more` : ''}`);
  }
  if (code.targets.some((target) => target >= 0))
    lines.push('Arrows are branches, · is the end of one that is not drawn, ↗ leaves the function.');
  if (code.samples)
    lines.push('A sample may count for the instruction after the one that took the time (skid).');
  return lines.map((line) => broken(escaped(line)));
}

/** Breaks at spaces. A longer word, such as the name of a template, stays whole. */
function broken(text: string): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > columns) lines.push(`  ${word}`);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}
