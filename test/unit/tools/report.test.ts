import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportMarkdown } from '../../../src/core/report/report.js';
import { gatherReport } from '../../../src/core/report/reportData.js';
import { sections } from '../../../src/core/report/sections.js';
import { bundleCli, runCli } from '../support/cli.js';
import { TempLab } from '../support/tempLab.js';

describe('report', () => {
  let lab: TempLab;
  let cli: string;
  let text: string;
  const run = (...args: string[]) => runCli(cli, lab.folder, args);

  beforeAll(async () => {
    lab = new TempLab();
    cli = await bundleCli(lab.folder);
    const file = path.join(lab.folder, 'hakmem-lab.json');
    const definition = JSON.parse(readFileSync(file, 'utf8')) as { presets: { name: string }[] };
    // Both sides of the benchmark are as fast as each other, whatever this machine does meanwhile.
    const presets = definition.presets.map((preset) =>
      preset.name === 'RUN' ? { ...preset, args: ['steady', '200000'] } : preset,
    );
    lab.write(
      'describe.sh',
      `echo '{"effectiveOptions":[{"name":"BENCH_MODE","value":"run","effect":"none: <b>it is | never</b> read"}],"routes":[{"class":"C1","box":"pool","reason":"default"}]}'\n`,
    );
    lab.write(
      'hakmem-lab.json',
      JSON.stringify({
        ...definition,
        presets,
        describe: { program: 'sh', args: ['describe.sh'] },
        criteria: [
          { name: 'Runs', preset: 'RUN', measure: 'throughput', atLeast: 1 },
          { name: 'Tiny', preset: 'RUN', measure: 'memory', atMost: 0.001 },
          { name: 'Elsewhere', preset: 'CRASH', measure: 'throughput', atLeast: 1 },
        ],
      }),
    );
    await run('profile', 'RUN', '--runs', '2');
    await run('bench', 'RUN', '--runs', '8', '--rivals', 'system');
    await run('compare', 'RUN', 'ONCE', '--no-details', '--pairs', '2');
    text = (await run('report')).stdout;
  }, 60_000);
  afterAll(() => lab.dispose());

  const section = (title: string) => text.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

  it('has every section, none of them empty', () => {
    for (const { title } of sections) expect(section(title).trim(), title).not.toBe('');
    expect(text).not.toMatch(/undefined|NaN|Infinity|\[object/);
  });

  it('computes shares that add up to 100, and finds every hotspot in the appendix', () => {
    const shares = [...section('Categories').matchAll(/^\| (?!\*\*)[^|]+ \| ([\d.]+)% \|/gm)].map(
      ([, share]) => Number(share),
    );
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 0);
    const names = [...section('Hotspots').matchAll(/^\| (`[^|]+`) \| ([\d.<%]+)/gm)];
    expect(names.length).toBeGreaterThan(0);
    for (const [, name, self] of names)
      expect(section('Appendix A: all functions')).toContain(`| ${name} | ${self}`);
  });

  it('writes names of C++ in their short form, and whole in the appendix', async () => {
    lab.write('cpp.folded', 'main;void n::sort<std::vector<int> >(int*) 3\n');
    const { stderr } = await run('import', 'cpp.folded', '--save');
    const { stdout } = await run('report', /Saved as run (\S+)/.exec(stderr)?.[1] ?? '');
    const [body, appendix] = stdout.split('## Appendix A');
    expect(body).toMatch(/\| `n::sort<…>` \| 100% \|[^]*the path `main` → `n::sort<…>`/);
    expect(body).not.toContain('vector');
    expect(appendix).toContain('| `void n::sort<std::vector<int> >(int*)` | 100% |');
  });

  it('names options without effect with the reason that the program gives', () => {
    expect(section('Key findings')).toContain('`BENCH_MODE=run` has no effect here');
    expect(section('Routes and options without effect')).toContain('| C1 | `pool` | default |');
  });

  it('says plainly that nothing was shown, and that something was not measured', () => {
    expect(section('Summary')).toContain('No difference from **system** is shown: it reaches 1.00×');
    expect(section('Effect of options')).toContain('| Unclear |');
    const criteria = section('Success criteria');
    expect(criteria).toMatch(/Runs .* \*\*met\*\*/);
    expect(criteria).toMatch(/Tiny .* \*\*missed\*\*/);
    expect(criteria).toMatch(/Elsewhere .* \*\*not measured\*\*/);
  });

  it('starts no program where that is not allowed, and says so', async () => {
    const data = await gatherReport(await lab.open(), [], { mayDescribe: () => false });
    expect(data.options).toBeNull();
    expect(reportMarkdown(data)).toContain('the program of the lab file that does was not started');
  });

  it('predicts no more than Amdahl allows', () => {
    const [, self = '', best = ''] =
      /^\| [^|]+ \| ([\d.]+)% \|[^|]+\|[^|]+\| ([\d.,]+)×/m.exec(section('Recommendations')) ?? [];
    if (self === '') return;
    // Both are rounded: the share to a tenth of a point or less, the factor to a tenth.
    const factor = (share: number) => 1 / (1 - share / 100);
    expect(Number(best)).toBeGreaterThanOrEqual(factor(Number(self) - 0.05) - 0.05);
    expect(Number(best)).toBeLessThanOrEqual(factor(Number(self) + 0.05) + 0.05);
  });

  it('is a page in which nothing from outside is markup', async () => {
    const file = path.join(lab.folder, 'report.html');
    expect((await run('report', '-o', file)).status).toBe(0);
    const html = readFileSync(file, 'utf8');
    expect(html.match(/<h2 /g)).toHaveLength(sections.length);
    expect(html).not.toContain('<b>');
    expect(html).toContain('&lt;b&gt;it is | never&lt;/b&gt; read');
    expect((await run('report', '-o', 'report.txt')).status).toBe(2);
  });
});
