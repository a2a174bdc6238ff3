import type { Profile } from '../../model/profile.js';
import { textFormats, type ImportFormat } from './detect.js';
import type { Unread } from './importer.js';

/** What was read, and how. */
export interface Reading {
  readonly format: ImportFormat;
  readonly head: Buffer;
  readonly unread: Unread | undefined;
}

/** Fewer events, samples or lines tell nothing. */
const FEW = { events: 8, samples: 50, lines: 4 };

/**
 * Signs that a file was taken for what it is not, as notes that name the other reading: one format's lines can be read
 * as another's, and then give a profile of nonsense.
 */
export function doubts(profile: Profile, { format, head, unread }: Reading): string[] {
  const { events, samples } = profile;
  const found: string[] = [];
  if (unread && unread.of >= FEW.lines && unread.lines > unread.of / 2)
    found.push(`only ${unread.of - unread.lines} of its ${unread.of} lines could be read so`);
  if (events.length >= FEW.events && samples.length < events.length * 2)
    found.push(`its ${events.length} events have hardly more than one sample each`);
  if (format === 'perf-script' && samples.length >= FEW.samples && innermost(profile) > samples.length * 0.9)
    found.push('nearly every sample is of a function of its own');
  if (found.length === 0) return [];
  const others = textFormats(head.toString('latin1')).filter((other) => other !== format);
  const flags = others.map((other) => `--format ${other}`).join(' or ');
  return [
    `The file may not be ${format}: ${found.join('; ')}. If so, import it with ${flags === '' ? 'the --format that it has' : flags}.`,
  ];
}

/** How many functions have samples of their own. */
function innermost({ frames, stacks, samples }: Profile): number {
  const functions = new Set<number>();
  for (const stack of samples.stack)
    if (stack >= 0) functions.add(frames.func[stacks.frame[stack] as number] as number);
  return functions.size;
}
