import { inlineCode, markdownTable, shellBlock } from '../../text/markdown.js';
import { opsPerSec, percent, plural, scaled } from '../../text/numbers.js';
import { shellWord } from '../../text/shellWord.js';
import { checkCriterion } from './criteria.js';
import { measuredText, requiredText } from './criteriaTexts.js';
import { intervalText } from '../../text/benchTexts.js';
import type { RunDocument } from '../../model/run.js';
import type { ReportData } from './reportData.js';
import { md, measuredRun, commandOf, differenceCell, boundText, predicted } from './figures.js';

/** Rows of the history. */
const TOP = 20;

export function recommendations(data: ReportData): string {
  const { document } = data.subject;
  const driver = /benchmark|driver/i;
  const worth = document.categories.filter(({ name, selfPercent }) => selfPercent >= 1 && !driver.test(name));
  const rows = worth.map((one) => {
    const half = predicted(data, one.selfPercent, 0.5).throughput;
    return [
      md(one.name),
      percent(one.selfPercent / 100),
      boundText(data, one.selfPercent, 0.5),
      half ? `${scaled(half.value)} ops/s (${scaled(half.low)}–${scaled(half.high)})` : '—',
      boundText(data, one.selfPercent),
    ];
  });
  const goals = data.laboratory.lab.definition.whatIf.flatMap(({ name, targets }) => {
    const [target] = targets;
    const now = document.categories.find((one) => one.name === target?.category)?.selfPercent ?? 0;
    if (!target || targets.length > 1 || now === 0) return [];
    if (now <= target.percent)
      return [`- ${md(name)}: reached. ${md(target.category)} is at ${percent(now / 100)}.`];
    return [
      `- ${md(name)}: from ${percent(now / 100)} to ${percent(target.percent / 100)} of the present time gives at most ${boundText(data, now, target.percent / now)}.`,
    ];
  });
  return [
    "Ordered by what can be gained. By Amdahl's law, saving a share of the time can't gain more than the last column, however it is done; halving the cost of a category gains what the columns before say.",
    markdownTable(
      ['Category', 'Self', 'At half the cost', 'Throughput then', 'At no cost'],
      [':--', '--:', '--:', '--:', '--:'],
      rows,
    ),
    ...(goals.length > 0 ? ['The scenarios of the lab file:', goals.join('\n')] : []),
  ].join('\n\n');
}

export function history({ history: { preset, runs, changes, fewest }, subject }: ReportData): string {
  if (runs.length < 2)
    return `${md(preset)} has one saved run with a throughput; from the second on, this section compares them.`;
  const rows = runs
    .slice(-TOP)
    .map((one, i, shown) => [
      inlineCode(one.id) + (one.id === subject.run.id ? ' (reported)' : ''),
      one.results[0] ? opsPerSec(one.results[0].opsPerSec.median) : '—',
      one.results[0] ? intervalText(one.results[0].opsPerSec) : '—',
      i === 0 ? '' : differenceCell(shown[i - 1] as RunDocument, one),
    ]);
  const found = changes.map(({ at }) => inlineCode(runs[at]?.id ?? '')).join(', ');
  return [
    `${plural(runs.length, 'run')} of ${md(preset)} were measured at different times. Differences between them may be the machine's.${runs.length > TOP ? ` The last ${TOP} are listed.` : ''}`,
    markdownTable(
      ['Run', 'Throughput', 'Interval', 'What differs from the run before'],
      [':--', '--:', '--:', ':--'],
      rows,
    ),
    runs.length < fewest
      ? `Change points are looked for from ${fewest} runs on.`
      : changes.length === 0
        ? 'No change point was found.'
        : `The runs differ from those before from here on (E-divisive, p ≤ 0.001): ${found}.`,
  ].join('\n\n');
}

export function criteria(data: ReportData): string {
  const { definition } = data.laboratory.lab;
  if (definition.criteria.length === 0) return 'The lab file states no criteria.';
  const runs = [data.subject.run, ...(data.rivals ? [data.rivals] : []), ...data.others];
  return markdownTable(
    ['Criterion', 'Preset', 'Required', 'Measured', 'Result'],
    [':--', ':--', ':--', ':--', ':--'],
    definition.criteria.map((criterion) => {
      const result = checkCriterion(criterion, runs, data.subject);
      return [
        md(criterion.name),
        md(criterion.preset),
        md(requiredText(result)),
        md(measuredText(result) ?? '—'),
        `**${result.result}**`,
      ];
    }),
  );
}

export function commands(data: ReportData): string {
  const { subject, comparisons, matrices } = data;
  const { run } = subject;
  const measured = measuredRun(data);
  const rivals = measured.results.slice(1).map(({ allocator }) => allocator);
  const profiled = commandOf(run, run.preset.profileArgs ?? run.preset.args);
  const name = shellWord(run.preset.name);
  const lines = [
    `# Throughput and competitors (run ${measured.id})`,
    `hakmem-lab bench ${name} --runs ${String(measured.results[0]?.opsPerSec.samples.length ?? 10)}${rivals.length > 0 ? ` --rivals ${rivals.join(',')}` : ''}`,
    '',
    `# Hotspots, categories, counters (run ${run.id})`,
    `hakmem-lab profile ${name}`,
    '# The program itself:',
    profiled,
    ...comparisons.flatMap(({ a, b, seed, experiment, margin, pairs }) => [
      '',
      `# ${a.label} and ${b.label} (${experiment})`,
      `hakmem-lab compare ${shellWord(a.label)} ${shellWord(b.label)} --margin ${Number((margin * 100).toPrecision(3))} --seed ${seed} --pairs ${pairs.length}`,
    ]),
    ...matrices.flatMap(({ name: matrix, seed, blocks, experiment }) => [
      '',
      `# Matrix ${matrix} (${experiment})`,
      `hakmem-lab matrix ${shellWord(matrix)} --seed ${seed} --blocks ${blocks}`,
    ]),
    '',
    '# This report',
    `hakmem-lab report ${run.id} -o report.md`,
  ];
  return shellBlock(lines.join('\n'));
}
