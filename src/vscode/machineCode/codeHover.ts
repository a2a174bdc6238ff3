import path from 'node:path';
import * as vscode from 'vscode';
import type { ProfileEvent } from '../../model/profile.js';
import { wilsonInterval } from '../../statistics/estimate.js';
import { countedThing } from '../../text/eventTexts.js';
import { inlineCode } from '../../text/markdown.js';
import { count, percent } from '../../text/numbers.js';
import type { CodeDocument, CodePlace } from './codeDocument.js';

/**
 * What an instruction cost, and where it comes from, as Markdown; empty for other lines of the document.
 * @param link of a source line, where it is here
 */
export function codeHover(
  { code, instructionAt }: Pick<CodeDocument, 'code' | 'instructionAt'>,
  line: number,
  { event, samples: of }: { readonly event: ProfileEvent; readonly samples: number },
  link: (place: CodePlace) => string | undefined,
): string {
  const at = instructionAt[line] ?? -1;
  if (at < 0) return '';
  const { weight, samples, symbolWeight, all } = code;
  const cost = weight[at] ?? 0;
  const places = (code.frames[at] ?? []).map(({ name, file, line: from }) => {
    if (file === undefined || from === 0) return inlineCode(name);
    const [text, target] = [`${path.basename(file)}:${from}`, link({ file, line: from })];
    return `${inlineCode(name)} ${target === undefined ? inlineCode(text) : `[${inlineCode(text)}](${target})`}`;
  });
  const [inner, ...outer] = places;
  return [
    cost > 0 ? costText([cost / symbolWeight, cost / all], samples?.[at], of) : '',
    cost > 0 && !samples
      ? vscode.l10n.t('{0} of {1} {2}', count(cost), count(all), countedThing(event) ?? event.name)
      : '',
    [
      ...(inner === undefined ? [] : [inner]),
      ...outer.map((place) => vscode.l10n.t('inlined into {0}', place)),
    ].join('  \n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function costText([own, whole]: readonly [number, number], samples: number | undefined, of: number): string {
  const [here, everywhere] = [`**${percent(own)}**`, percent(whole)];
  if (samples === undefined)
    return vscode.l10n.t('{0} of this function, {1} of the profile', here, everywhere);
  const { low, high } = wilsonInterval(whole, of);
  return vscode.l10n.t(
    '{0} of this function, {1} of the profile: {2} of {3} samples (95% CI {4}–{5})',
    here,
    everywhere,
    count(samples),
    count(of),
    percent(low),
    percent(high),
  );
}
