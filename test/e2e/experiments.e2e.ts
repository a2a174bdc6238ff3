import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLabWindow } from './support/window.mjs';

type Window = Awaited<ReturnType<typeof openLabWindow>>;

/** A benchmark that is exactly as fast as its environment says, on any machine. */
const speed = `#!/bin/sh
sleep 0.05
printf '{"ops_per_sec":%s,"seconds":1,"threads":1,"iterations":1000,"peak_rss_bytes":1048576}\\n' "$((\${SPEED:-1000} + 100 * \${FAST:-0} ))"
`;
const lab = {
  formatVersion: 1,
  name: 'Speeds',
  presets: [
    { name: 'BEFORE', description: 'as it was', program: './speed' },
    { name: 'AFTER', description: 'a tenth slower', program: './speed', environment: { SPEED: '900' } },
  ],
  criteria: [{ name: 'Fast enough', preset: 'AFTER', measure: 'throughput', atLeast: 950 }],
  matrix: [
    {
      name: 'flags',
      preset: 'BEFORE',
      options: ['FAST', 'DEAD'].map((name) => ({ name, values: ['0', '1'] })),
    },
  ],
};

/** From two presets to a verdict: what someone does who wants to know which is faster. */
describe('experiments in the editor', () => {
  let window: Window;

  beforeAll(async () => {
    window = await openLabWindow({ lab: false });
    const { workspace } = window;
    writeFileSync(path.join(workspace, 'speed'), speed);
    chmodSync(path.join(workspace, 'speed'), 0o755);
    writeFileSync(path.join(workspace, 'hakmem-lab.json'), JSON.stringify(lab, null, 2));
    const check = { name: 'After', preset: 'AFTER', against: { preset: 'BEFORE' } };
    const gate = { formatVersion: 1, checks: [check] };
    writeFileSync(path.join(workspace, 'hakmem-lab-gate.json'), JSON.stringify(gate, null, 2));
    await window.workbench.openActivityView('HAKMEM Lab');
  });
  afterAll(() => window.close());

  const keep = async (name: string) => {
    const folder = process.env.HAKMEM_LAB_SCREENSHOTS;
    if (folder) await window.workbench.page.screenshot({ path: `${folder}/${name}.png` });
  };

  it('compare a preset with another, live, until the verdict is clear', async () => {
    const { workbench } = window;
    await (await workbench.treeItem('AFTER', { view: 'Presets' })).menu('Compare Speed With...');
    const input = workbench.page.locator('.quick-input-widget:visible input').first();
    await workbench.until('the choice', async () => (await input.count()) > 0);
    await keep('compare-pick');
    await input.fill('BEFORE');
    await input.press('Enter');
    const asked = await workbench.allowPreset();
    for (const shown of ['Program: SPEED=900 ./speed', 'Program: ./speed', 'Matrix: FAST=0|1 DEAD=0|1'])
      expect(asked).toContain(shown);
    const page = await workbench.webview('AFTER against BEFORE', { timeout: 60_000 });
    // It is there while it measures.
    await page.getByRole('button', { name: 'Stop and Keep' }).waitFor();
    await keep('compare-live');
    await page.getByText('AFTER is slower than BEFORE: −10.0%').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Measure More Pairs' }).waitFor({ timeout: 60_000 });
    await keep('compare-done');
  });

  it('mark what the gate finds slower, in its file and on the view', async () => {
    const { workbench } = window;
    await workbench.runCommand('HAKMEM Lab: Run Gate');
    const page = await workbench.webview('Gate', { timeout: 60_000 });
    await page.getByText('At least one preset is slower').waitFor({ timeout: 60_000 });
    await keep('gate');
    const problems = await workbench.problems();
    expect(problems).toEqual([
      expect.objectContaining({ file: 'hakmem-lab-gate.json', severity: 'error', line: 6 }),
    ]);
    expect(problems[0]?.message).toContain('AFTER is slower than BEFORE');
    const icon = workbench.page.locator('.activitybar .action-item', {
      has: workbench.page.locator('[aria-label^="HAKMEM Lab"]'),
    });
    await workbench.until('the badge', async () => (await icon.innerText()).includes('1'));
  });

  it('find the best combination of a matrix, and the option that does nothing', async () => {
    const { workbench } = window;
    await workbench.runCommand('HAKMEM Lab: Measure Matrix...');
    const page = await workbench.webview('Matrix flags of BEFORE', { timeout: 60_000 });
    await page.getByText('FAST=1').first().waitFor();
    await workbench.until(
      'enough blocks',
      async () => /measured (9|[1-9]\d) times/.test(await page.locator('main').innerText()),
      60_000,
    );
    await page.getByRole('button', { name: 'Stop and Keep' }).click();
    await page.getByRole('button', { name: 'Measure More' }).waitFor({ timeout: 30_000 });
    const text = await page.locator('main').innerText();
    expect(text).toContain('Options without effect under this workload');
    expect(text).toMatch(/DEAD\s+all\s+no effect was measured/);
    await keep('matrix');
  });

  it('show the history of a preset, and whether it meets what is asked of it', async () => {
    const { workbench } = window;
    const preset = await workbench.treeItem('AFTER', { view: 'Presets' });
    await preset.inline('Run Preset...');
    await workbench.until(
      'the result',
      async () => (await workbench.treeItem('AFTER', { view: 'Presets' })).label.startsWith('900'),
      60_000,
    );
    await (await workbench.treeItem('AFTER', { view: 'Presets' })).menu('Show History');
    const page = await workbench.webview('History of AFTER');
    await page.getByText('Change points are looked for from 30 runs on').waitFor();
    await keep('history');
    const criteria = await workbench.treeItem('Success Criteria', { view: 'Presets' });
    await criteria.expand();
    const item = await workbench.treeItem('Fast enough', { view: 'Presets' });
    expect(item.description).toMatch(/^missed · 900 ops\/s/);
    await keep('criteria');
    expect(workbench.consoleErrors).toEqual([]);
    expect(readFileSync(path.join(window.workspace, 'hakmem-lab.json'), 'utf8')).toBe(
      JSON.stringify(lab, null, 2),
    );
  });
});
