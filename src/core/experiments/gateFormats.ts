import { digits3, percent, scaled } from '../../text/numbers.js';
import { escapeMarkdown, markdownTable } from '../../text/markdown.js';
import { endingText, rangeText, speedRange, speedText, verdictText, verdictWord } from './comparisonText.js';
import type { CheckResult, GateResult } from './gate.js';
import { change } from './progressText.js';

export const gateFormats = ['json', 'markdown', 'github-action-benchmark', 'bencher'] as const;
export type GateFormat = (typeof gateFormats)[number];

export function formatGate(result: GateResult, format: GateFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(result, null, 2)}\n`;
    case 'markdown':
      return gateMarkdown(result);
    case 'github-action-benchmark':
      return `${JSON.stringify(actionBenchmark(result), null, 2)}\n`;
    case 'bencher':
      return `${JSON.stringify(bencher(result), null, 2)}\n`;
  }
}

const marks = { slower: '❌', faster: '🚀', equivalent: '✅', unclear: '❔' } as const;

/** For a comment on a pull request. */
function gateMarkdown({ verdict, checks, history }: GateResult): string {
  const headline = {
    slower: 'Slower than the baseline',
    faster: 'No check is slower',
    equivalent: 'No check is slower',
    unclear: 'Unclear: a check needs more time or a quieter machine',
  }[verdict];
  const parts = [
    `### ${marks[verdict]} Performance: ${headline}`,
    markdownTable(
      ['Check', 'Verdict', 'Baseline', 'Now', 'Change', '95% CI', 'Pairs', 'Instructions/op'],
      [':--', ':--', '--:', '--:', '--:', '--:', '--:', '--:'],
      checks.map((check) => {
        const { comparison, name } = check;
        const { a, b, metric, ratio, pairs } = comparison;
        return [
          escapeMarkdown(name),
          `${marks[check.verdict]} ${verdictWord(check.verdict)}`,
          speedText(a, metric),
          speedText(b, metric),
          ratio ? change(ratio.value) : '—',
          ratio ? rangeText(ratio) : '—',
          String(pairs.length),
          instructionsCell(check),
        ];
      }),
    ),
    ...checks
      .filter((check) => check.verdict === 'slower' || check.verdict === 'unclear')
      .map((check) => `- **${escapeMarkdown(check.name)}**: ${reasonOf(check)}`),
    `Baseline and working tree ran on the same machine, alternating in random order. Differences up to the margin (${[
      ...new Set(checks.map(({ comparison }) => percent(comparison.margin))),
    ].join(', ')}) don't matter; the intervals hold for all checks together.`,
  ];
  if (history.length > 0) {
    parts.push(
      'Measured elsewhere, not comparable:',
      history
        .map(
          (one) =>
            `- ${escapeMarkdown(one.name)}: ${scaled(one.opsPerSec)} ops/s (${escapeMarkdown(one.source)})`,
        )
        .join('\n'),
    );
  }
  return `${parts.join('\n\n')}\n`;
}

function instructionsCell({ instructions }: CheckResult): string {
  if (!instructions) return '—';
  const { recorded, counted } = instructions;
  return `${digits3(recorded)} → ${digits3(counted)} (${change(counted / recorded)})`;
}

function reasonOf({ comparison, instructions }: CheckResult): string {
  const reasons: string[] = [];
  if (comparison.verdict === 'slower') reasons.push(verdictText(comparison));
  if (comparison.verdict === 'unclear') reasons.push(verdictText(comparison), endingText(comparison));
  if (instructions?.compilers)
    reasons.push(
      `Instructions were recorded with ${instructions.compilers[0]}, and counted with ${instructions.compilers[1]}: record them again.`,
    );
  else if (instructions?.verdict === 'slower')
    reasons.push(`It executes more instructions than recorded, beyond ±${percent(instructions.tolerance)}.`);
  return escapeMarkdown(reasons.join(' '));
}

/** The `customBiggerIsBetter` tool of github-action-benchmark. */
function actionBenchmark({ checks }: GateResult): object[] {
  return checks.flatMap(({ name, comparison }) => {
    const { b, metric, ratio, pairs } = comparison;
    if (!b.speed) return [];
    return [
      {
        name,
        unit: metric === 'throughput' ? 'ops/s' : 'executions/s',
        value: b.speed.median,
        range: speedRange(b, metric),
        extra: `${verdictWord(comparison.verdict)}, ${ratio ? change(ratio.value) : ''} against ${comparison.a.label}, ${pairs.length} pairs`,
      },
    ];
  });
}

/** Bencher Metric Format: benchmark → measure → value. */
function bencher({ checks }: GateResult): Record<string, object> {
  return Object.fromEntries(
    checks.flatMap(({ name, comparison: { b, ratio }, instructions }) => {
      if (!b.speed || !ratio) return [];
      const [lower, upper] = b.speed.ci95;
      return [
        [
          name,
          {
            throughput: { value: b.speed.median, lower_value: lower, upper_value: upper },
            speed_ratio: { value: ratio.value, lower_value: ratio.low, upper_value: ratio.high },
            ...(instructions ? { instructions_per_op: { value: instructions.counted } } : {}),
          },
        ],
      ];
    }),
  );
}
