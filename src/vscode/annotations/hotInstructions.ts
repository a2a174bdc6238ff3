import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { singleInstructions } from '../../core/machineCode/singleInstructions.js';
import { withSymbolFolder } from '../../core/symbols/symbolFolders.js';
import { addressCosts, hottestAddresses } from '../../views/addressCosts.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import type { AnnotatedLine } from '../runs/shown/sourceCosts.js';
import { settings } from '../shared/contributions.js';
import { readSetting } from '../shared/settings.js';

/** An instruction of a line. */
export interface HotInstruction {
  readonly text: string;
  /** Of the profile, 0..1. */
  readonly share: number;
}

/** Instructions that are named; the machine code has the others. */
const most = 3;
/** How long a hover waits for a disassembler, in milliseconds: later it would jump. */
const patience = 500;

/** The hottest instructions of a line; none if they can't be had quickly. */
export async function hotInstructions(
  shown: ShownRun,
  { cost, line }: AnnotatedLine,
): Promise<HotInstruction[]> {
  const { profile } = shown.samples;
  const costs = cost && cost.selfPercent > 0 ? addressCosts(profile) : undefined;
  if (!cost || !costs || !vscode.workspace.isTrusted) return [];
  const hottest = hottestAddresses(profile, costs, { file: cost.file, line }, most);
  if (hottest.length === 0) return [];
  const signal = AbortSignal.timeout(patience);
  const syntax = readSetting(settings.machineCodeSyntax);
  const { symbols } = shown.laboratory.lab.packed ?? {};
  // Whatever is in the way is said where the machine code is asked for.
  const reading = withSymbolFolder(symbols, () =>
    singleInstructions(profile, hottest, syntax, { signal }),
  ).catch(() => []);
  const found = await Promise.race([reading, delay(patience, [])]);
  return found.map(({ address, mnemonic, operands }, i) => ({
    text: `${address.toString(16)} ${mnemonic} ${operands}`.trim(),
    share: (costs.weight[hottest[i] as number] as number) / costs.all,
  }));
}
