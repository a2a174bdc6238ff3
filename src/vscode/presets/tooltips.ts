import { shellWord } from '../../text/shellWord.js';
import type { Preset } from '../../core/lab/labFile.js';
import type { RunDocument } from '../../model/run.js';
import { bytes, interval, ownResult, plural, scaled, shortTime, throughput } from '../shared/runTexts.js';

/** The tooltip of a preset, as Markdown. */
export function presetTooltip(preset: Preset, last: RunDocument | undefined): string {
  const blocks = [`**${escapeMarkdown(preset.name)}**`];
  if (preset.description) blocks.push(escapeMarkdown(preset.description));
  const variables = Object.entries(preset.environment);
  if (variables.length > 0) {
    const rows = variables.map(([name, value]) => `| \`${cell(name)}\` | \`${cell(value) || ' '}\` |`);
    blocks.push(['| Variable | Value |', '| :-- | :-- |', ...rows].join('\n'));
  }
  blocks.push(fence([preset.program, ...preset.args].map(shellWord).join(' ')));
  if (preset.profileArgs) {
    blocks.push('Profiled with', fence([preset.program, ...preset.profileArgs].map(shellWord).join(' ')));
  }
  blocks.push('---', last ? runTooltip(last) : 'Not run yet.');
  return blocks.join('\n\n');
}

/** What a run found, as Markdown. */
export function runTooltip(run: RunDocument): string {
  const verb = run.importedFrom !== undefined ? 'Opened' : run.kind === 'profile' ? 'Profiled' : 'Run';
  const blocks = [`${verb} ${shortTime(run.createdAt)}`];
  if (run.importedFrom !== undefined) blocks.push(`From ${escapeMarkdown(run.importedFrom)}`);
  const own = ownResult(run);
  if (own) {
    blocks.push(
      `**${throughput(own)}**, ${interval(own)}, peak ${bytes(own.peakRssBytes)} resident`,
      `Samples: ${own.opsPerSec.samples.map(scaled).join(', ')}`,
    );
  }
  for (const rival of run.results.slice(1)) {
    blocks.push(`${escapeMarkdown(rival.allocator)}: ${throughput(rival)}, ${interval(rival)}`);
  }
  if (run.samples !== null) blocks.push(plural(run.samples, 'profile sample'));
  const { host, compiler, perf } = run.environment;
  const facts = [host?.cpu, host && `${host.cores} cores`, compiler, perf].filter(Boolean);
  if (facts.length > 0) blocks.push(facts.map((fact) => escapeMarkdown(String(fact))).join(' · '));
  return blocks.join('\n\n');
}

export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~$-]/g, '\\$&').replace(/\s+/g, ' ');
}

function cell(text: string): string {
  return text.replaceAll('`', "'").replaceAll('|', '\\|').replace(/\s+/g, ' ');
}

function fence(text: string): string {
  return `\`\`\`sh\n${text.replaceAll('```', "'''")}\n\`\`\``;
}
