import { samplesText } from '../../text/eventTexts.js';
import { inlineCode, markdownTable } from '../../text/markdown.js';
import { count, digits3, percent, plural } from '../../text/numbers.js';
import type { StatDocument } from '../../model/profileDocument.js';
import { percentInterval } from './criteria.js';
import { hotPaths } from './hotPaths.js';
import type { ReportData } from './reportData.js';
import { functionCode, md } from './figures.js';

const TOP = 20;

export function counters({ subject: { run } }: ReportData): string {
  const { stat } = run;
  if (!stat) return 'No counters were measured.';
  const { derived, operations } = stat;
  const rows = stat.counters.map(({ event, value, unit }) => [md(event), count(value), md(unit)]);
  if (derived.ipc !== undefined) rows.push(['Instructions per cycle', digits3(derived.ipc), '']);
  if (derived.cyclesPerOp !== undefined)
    rows.push(['Cycles per operation', digits3(derived.cyclesPerOp), '']);
  if (derived.instructionsPerOp !== undefined)
    rows.push([
      'Instructions per operation',
      digits3(derived.instructionsPerOp),
      md(derived.instructionsPerOpSource ?? ''),
    ]);
  return [
    ...(operations ? [`Of one execution with ${plural(operations, 'operation')}.`] : []),
    ...(rows.length > 0 ? [markdownTable(['Event', 'Count', ''], [':--', '--:', ':--'], rows)] : []),
    ...unavailableTexts(stat),
  ].join('\n\n');
}

/** Events that share a reason are named together. */
function unavailableTexts({ unavailable }: StatDocument): string[] {
  const byReason = new Map<string, string[]>();
  for (const { event, reason } of unavailable)
    byReason.set(reason, [...(byReason.get(reason) ?? []), inlineCode(event)]);
  return [...byReason].map(([reason, events]) => `Not counted: ${events.join(', ')} (${md(reason)}).`);
}

export function hotspots(data: ReportData): string {
  const { document, profile } = data.subject;
  const shown = document.functions.filter(({ selfPercent }) => selfPercent > 0).slice(0, TOP);
  const what = document.exact ? `counts of ${document.event}` : samplesText(document);
  return [
    `${md(what)}.${document.fallback ? ` ${md(document.fallback.requested)} is unavailable: ${md(document.fallback.reason)}.` : ''}`,
    markdownTable(
      ['Function', 'Self', '95% CI', 'Total', 'Category'],
      [':--', '--:', '--:', '--:', ':--'],
      shown.map(({ name, selfPercent, totalPercent, category }) => {
        const { low, high } = percentInterval(selfPercent, document.exact === true, profile);
        return [
          functionCode(name),
          percent(selfPercent / 100),
          document.exact ? 'exact' : `${percent(low / 100)}–${percent(high / 100)}`,
          percent(totalPercent / 100),
          md(category),
        ];
      }),
    ),
  ].join('\n\n');
}

export function categories({ subject: { document } }: ReportData): string {
  const total = document.categories.reduce((sum, { selfPercent }) => sum + selfPercent, 0);
  const rest = 100 - total;
  const named = (functions: readonly { readonly name: string }[]) => {
    const shown = functions.slice(0, 5).map(({ name }) => functionCode(name));
    return functions.length > 5
      ? `${shown.join(', ')}, and ${count(functions.length - 5)} more`
      : shown.join(', ');
  };
  return markdownTable(
    ['Category', 'Self', 'Functions'],
    [':--', '--:', ':--'],
    [
      ...document.categories.map((one) => [
        md(one.name),
        percent(one.selfPercent / 100),
        named(one.functions),
      ]),
      ...(rest > 0.005 ? [['Samples without a function', percent(rest / 100), '']] : []),
      ['**Total**', `**${percent((total + (rest > 0.005 ? rest : 0)) / 100)}**`, ''],
    ],
  );
}

export function rootCauses(data: ReportData): string {
  const paths = hotPaths(data.subject.profile, 5);
  const lines = paths.map(
    ({ functions, share }) =>
      `${percent(share)} of the samples end on the path ${functions.map(functionCode).join(' → ')}.`,
  );
  const causes = data.subject.document.categories.slice(0, 3).map(({ name, selfPercent, functions }) => {
    const [first, second] = functions;
    const parts = [first, second].flatMap((one) =>
      one ? [`${functionCode(one.name)} (${percent(one.selfPercent / 100)})`] : [],
    );
    return `- **${md(name)}, ${percent(selfPercent / 100)}**: mostly ${parts.join(' and ')}.`;
  });
  return [
    causes.join('\n'),
    'The call paths that carry the most cost, by the samples that end there:',
    lines.map((line) => `1. ${line}`).join('\n'),
  ].join('\n\n');
}

/** With full names, for those that are short everywhere else. */
export function allFunctions({ subject: { document } }: ReportData): string {
  return markdownTable(
    ['Function', 'Self', 'Total', 'Category', 'Module'],
    [':--', '--:', '--:', ':--', ':--'],
    document.functions
      .filter(({ selfPercent }) => selfPercent > 0)
      .map((one) => [
        inlineCode(one.name),
        percent(one.selfPercent / 100),
        percent(one.totalPercent / 100),
        md(one.category),
        inlineCode(one.module ?? ''),
      ]),
  );
}
