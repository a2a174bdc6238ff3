import path from 'node:path';
import type { RunDocument } from '../../model/run.js';
import { intervalText } from '../../text/benchTexts.js';
import { amountText } from '../../text/eventTexts.js';
import { opsPerSec } from '../../text/numbers.js';
import { shellWord } from '../../text/shellWord.js';
import type { RunDescription } from '../store/runDescription.js';

/** The line of a run, with what tells it from others of the same program. */
export function runRow(found: RunDocument, { title, note, tags = [] }: RunDescription = {}): string {
  const { id, kind, preset, results, samples, counted, events = [], environment } = found;
  const [result] = results;
  const command = [path.basename(preset.program), ...preset.args].map(shellWord).join(' ');
  const taken = samples === null ? undefined : amountText(found);
  const parts = [
    `${id}: ${kind} of ${preset.name}`,
    preset.program === '' ? undefined : `command ${clippedTo(command, longestCommand)}`,
    result && `${opsPerSec(result.opsPerSec.median)} (${intervalText(result.opsPerSec)})`,
    taken && counted === undefined && events.length > 0 ? `${taken} of ${events.join(', ')}` : taken,
    environment.source ? `commit ${environment.source.commit.slice(0, 12)}` : undefined,
    title && `named "${title}"`,
    tags.length > 0 ? tags.map((tag) => `#${tag}`).join(' ') : undefined,
    note && `note: ${clippedTo(note, longestCommand)}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** Characters of what a user typed: a list of runs stays short. */
const longestCommand = 80;

function clippedTo(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
