import { shortTime } from '../../text/dates.js';
import { inlineCode, markdownTable, shellBlock } from '../../text/markdown.js';
import { bytes, count, opsPerSec, percent, plural, ratio } from '../../text/numbers.js';
import { intervalText } from '../../text/benchTexts.js';
import { verdictText } from '../experiments/comparisonText.js';
import { percentInterval } from './criteria.js';
import type { ReportData } from './reportData.js';
import {
  md,
  throughputOf,
  measuredRun,
  gaps,
  commandOf,
  differenceCell,
  deadOptions,
  boundText,
  functionCode,
} from './figures.js';

function gapText({ allocator, ratio: { value, low, high } }: ReturnType<typeof gaps>[number]): string {
  const name = `**${md(allocator)}**`;
  if (!(low > 0 && high < Infinity))
    return `${name} reaches ${ratio(value)} of its throughput, from too few repeats for an interval.`;
  const interval = `(95% CI ${ratio(low)}–${ratio(high)})`;
  if (low <= 1 && high >= 1)
    return `No difference from ${name} is shown: it reaches ${ratio(value)} of its throughput ${interval}.`;
  return value > 1
    ? `${name} is faster: it reaches ${ratio(value)} of its throughput ${interval}.`
    : `${name} is slower: it reaches ${ratio(value)} of its throughput ${interval}.`;
}

export function summary(data: ReportData): string {
  const { subject } = data;
  const run = measuredRun(data);
  const own = throughputOf(run);
  const [hot] = subject.document.functions;
  const lines = [
    own
      ? `${md(run.preset.name)} reaches **${opsPerSec(own.opsPerSec.median)}** (${intervalText(own.opsPerSec)}, ${plural(own.opsPerSec.samples.length, 'repeat')}).`
      : `The throughput of ${md(run.preset.name)} wasn't measured when this profile was recorded.`,
    ...gaps(data).map(gapText),
    ...(run.results.length < 2
      ? ["No competitor was measured beside it, so that this report can't say how large the gap is."]
      : []),
    ...(hot
      ? [
          `The largest single cost is ${functionCode(hot.name)} with ${percent(hot.selfPercent / 100)} of the samples.`,
        ]
      : []),
  ];
  return lines.join(' ');
}

export function findings(data: ReportData): string {
  const { subject, comparisons } = data;
  const { document, profile } = subject;
  const found: string[] = [];
  const [largest] = document.categories;
  if (largest) {
    const { low, high } = percentInterval(largest.selfPercent, document.exact === true, profile);
    found.push(
      `**${md(largest.name)} carries ${percent(largest.selfPercent / 100)}** of the samples (95% CI ${percent(low / 100)}–${percent(high / 100)}), spread over ${plural(largest.functions.length, 'function')}. Removing it altogether could make the program at most ${boundText(data, largest.selfPercent)} as fast.`,
    );
  }
  for (const dead of deadOptions(data))
    found.push(`**${inlineCode(dead.name)} has no effect here**: ${md(dead.reason)}.`);
  for (const comparison of comparisons) found.push(md(verdictText(comparison)));
  const run = measuredRun(data);
  const [own, ...others] = run.results;
  for (const other of own ? others : []) {
    const [mine, its] = [own?.peakRssBytes ?? 0, other.peakRssBytes ?? 0];
    if (mine > 0 && its > 0)
      found.push(
        `Peak memory is ${bytes(mine)}, ${ratio(mine / its)} that of ${md(other.allocator)} (${bytes(its)}).`,
      );
  }
  return found.map((text) => `- ${text}`).join('\n');
}

export function configuration({ subject: { run } }: ReportData): string {
  const { environment, preset } = run;
  const { host, machine = {}, source } = environment;
  const rows: [string, string][] = [
    [
      'Preset',
      [preset.name, preset.description]
        .filter((text) => text !== '')
        .map(md)
        .join(': '),
    ],
    ['Measured', run.createdAt],
    ...(host
      ? ([
          ['Processor', `${md(host.cpu)}, ${plural(host.cores, 'core')}`],
          ['Memory', bytes(host.memoryBytes)],
          ['Kernel', md(host.kernel)],
        ] as [string, string][])
      : []),
    ...Object.entries(machine).map(([name, value]): [string, string] => [md(name), md(value)]),
    ...(environment.compiler ? ([['Compiler', md(environment.compiler)]] as [string, string][]) : []),
    ...(source
      ? ([
          [
            'Commit',
            `${source.commit.slice(0, 12)}${source.diffHash === undefined ? '' : ` with uncommitted changes (${source.diffHash})`}`,
          ],
        ] as [string, string][])
      : []),
    ...(environment.buildId ? ([['Build ID', environment.buildId]] as [string, string][]) : []),
    ...Object.entries(environment.variables).map(([name, value]): [string, string] => [
      inlineCode(name),
      inlineCode(value),
    ]),
  ];
  return [markdownTable(['', ''], [':--', ':--'], rows), shellBlock(commandOf(run))].join('\n\n');
}

export function baseline(data: ReportData): string {
  const run = measuredRun(data);
  const [own] = run.results;
  const parts: string[] = [];
  if (own) {
    const paired = new Map(gaps(data).map((gap) => [gap.allocator, gap.ratio.value]));
    const rows = run.results.map(({ allocator, opsPerSec: speed, peakRssBytes }) => [
      md(allocator),
      opsPerSec(speed.median),
      intervalText(speed),
      ratio(paired.get(allocator) ?? 1),
      peakRssBytes === null ? '—' : bytes(peakRssBytes),
      count(speed.samples.length),
    ]);
    parts.push(
      `Repeats of all allocators alternate, so that they saw the same machine (run ${inlineCode(run.id)}). The ratio is the median over repeats that followed each other.`,
      markdownTable(
        ['Allocator', 'Throughput', 'Interval', 'Ratio', 'Peak memory', 'Repeats'],
        [':--', '--:', '--:', '--:', '--:', '--:'],
        rows,
      ),
    );
  } else parts.push('No throughput was measured.');
  const measured = data.others.filter(({ results }) => results.length > 0);
  if (measured.length > 0) {
    parts.push(
      "Other configurations were measured at other times. Differences between them may be the machine's; the section on the effect of options decides.",
      markdownTable(
        ['Preset', 'Throughput', 'Interval', 'Measured', 'What differs'],
        [':--', '--:', '--:', ':--', ':--'],
        measured.map((other) => {
          const speed = other.results[0]?.opsPerSec;
          return [
            md(other.preset.name),
            speed ? opsPerSec(speed.median) : '—',
            speed ? intervalText(speed) : '—',
            shortTime(other.createdAt),
            differenceCell(other, run),
          ];
        }),
      ),
    );
  }
  return parts.join('\n\n');
}
