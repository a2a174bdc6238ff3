import { shellWord } from '../../../text/shellWord.js';
import type { RunDocument } from '../../../model/run.js';
import { bytes, interval, scaled, throughput } from '../../shared/runTexts.js';
import { escapeMarkdown } from '../../presets/tooltips.js';

/** The results of a benchmark run as a page: what was measured, under what, where. */
export function runReport(run: RunDocument): string {
  const { preset, environment, results, createdAt } = run;
  const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;
  const table = (head: string[], rows: string[]) =>
    [row(...head), row(...head.map(() => ':--')), ...rows].join('\n');
  const { host } = environment;
  return [
    `# ${escapeMarkdown(preset.name)}`,
    `${escapeMarkdown(preset.description)}\n\n${new Date(createdAt).toLocaleString('en-GB')}`,
    table(
      ['Allocator', 'Throughput', 'Interval of the median', 'Samples (ops/s)', 'Peak resident'],
      results.map((result) =>
        row(
          escapeMarkdown(result.allocator),
          `**${throughput(result)}**`,
          interval(result),
          result.opsPerSec.samples.map(scaled).join(', '),
          bytes(result.peakRssBytes),
        ),
      ),
    ),
    '## Environment',
    `\`\`\`sh\n${[preset.program, ...preset.args].map(shellWord).join(' ')}\n\`\`\``,
    table(
      ['Variable', 'Value'],
      Object.entries(environment.variables).map(([name, value]) =>
        row(escapeMarkdown(name), escapeMarkdown(value)),
      ),
    ),
    table(
      ['Machine', ''],
      [
        ...(host
          ? [
              row('Processor', `${escapeMarkdown(host.cpu)}, ${host.cores} cores`),
              row('Memory', bytes(host.memoryBytes)),
              row('Kernel', escapeMarkdown(host.kernel)),
            ]
          : []),
        row('Compiler', escapeMarkdown(environment.compiler ?? 'unknown')),
      ],
    ),
    '',
  ].join('\n\n');
}
