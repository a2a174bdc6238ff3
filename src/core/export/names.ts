import { escaped } from '../../text/printable.js';
import type { EventProfile, Profile } from '../../model/profile.js';

/** The string at an index of a profile; empty for "none". */
export function text({ strings }: Profile, index: number | undefined): string {
  return strings[index ?? -1] ?? '';
}

export function functionName(profile: Profile, func: number): string {
  return text(profile, profile.functions.name[func]) || '[unknown]';
}

/** Frames of a stack, outermost first. */
export function framesOf({ stacks }: Profile, stack: number): number[] {
  const frames: number[] = [];
  for (let at = stack; at >= 0; at = stacks.parent[at] as number) frames.push(stacks.frame[at] as number);
  return frames.reverse();
}

/** Weight of the samples without any frame, which are part of the total. */
export function framelessWeight({ samples }: EventProfile): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++)
    if ((samples.stack[i] as number) < 0) sum += samples.weight[i] as number;
  return sum;
}

/** Escapes the five special characters; control characters aren't allowed in XML. */
export function escapeXml(value: string): string {
  const named: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return (
    value
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/\p{Surrogate}/gu, '\ufffd')
      .replace(/[&<>"']/g, (c) => named[c] as string)
  );
}

/** Text in a cell of a Markdown table: one line, without markup. */
export function escapeMarkdown(value: string): string {
  return escaped(value.replace(/\s+/g, ' ')).replace(/[\\`*_{}[\]<>#|~&]/g, (c) => `\\${c}`);
}
