import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolCaller } from './support/toolCaller.mjs';
import { openLabWindow, root } from './support/window.mjs';

type Window = Awaited<ReturnType<typeof openLabWindow>>;
type Caller = Awaited<ReturnType<typeof toolCaller>>;

/** As fast as its environment says, on any machine; it notes that it was started. */
const source = `
#include <stdio.h>
#include <stdlib.h>
static volatile long sink;
__attribute__((noinline)) static void churn(void) { for (long i = 0; i < 60000000; i++) sink += i; }
int main(void) {
  fclose(fopen("started", "w"));
  churn();
  if (!getenv("SPEED")) return 3;
  printf("{\\"ops_per_sec\\":%s,\\"seconds\\":1,\\"threads\\":1,\\"iterations\\":1000,\\"peak_rss_bytes\\":1048576}\\n", getenv("SPEED"));
}`;
const preset = (name: string, SPEED?: string) => ({
  name,
  program: './work',
  environment: SPEED ? { SPEED } : {},
});
const lab = {
  formatVersion: 1,
  name: 'Speeds',
  presets: [preset('BEFORE', '1000'), preset('AFTER', '900'), preset('BROKEN')],
};
const gate = {
  formatVersion: 1,
  secondsPerCheck: 10,
  checks: [{ name: 'After', preset: 'AFTER', against: { preset: 'BEFORE' } }],
};
const prefix = 'hakmemLab_';
/** A share, and what has an interval around it. */
const share = String.raw`\d[\d.]*% \[[\d.]+%–[\d.]+%\]`;

/** What agents in the editor get from the tools that the extension brings. */
describe('tools for agents in the editor', () => {
  let window: Window;
  let caller: Caller;
  let folder: string;
  const notCalled = new Set<string>();

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-tools-'));
    caller = await toolCaller(folder);
    window = await openLabWindow({ lab: false, trust: true, env: caller.env, extensions: [caller.vsix] });
    const { workspace, workbench } = window;
    const write = (name: string, text: string) => writeFileSync(path.join(workspace, name), text);
    write('work.c', source);
    write('hakmem-lab.json', JSON.stringify(lab));
    write('hakmem-lab-gate.json', JSON.stringify(gate));
    execFileSync('cc', ['-O1', '-g', '-fno-omit-frame-pointer', '-o', 'work', 'work.c'], { cwd: workspace });
    const { click, buttons } = await workbench.dialog();
    await click(buttons[0] as string);
    const names = await workbench.until('the tools', () => caller.tools());
    for (const name of names) if (name.startsWith(prefix)) notCalled.add(name.slice(prefix.length));
  });
  afterAll(async () => {
    await window.close();
    rmSync(folder, { recursive: true });
  });

  const invoke = (name: string, input: object = {}) => {
    notCalled.delete(name);
    return caller.invoke(prefix + name, input);
  };
  const refusal = async (name: string, input: object) => {
    const { error, text } = await invoke(name, input);
    expect(text).toBeUndefined();
    // A sentence and the next step, not what a library says.
    expect(error).toMatch(/^[A-Za-z][^{]*\.(\n|$)/);
    return error as string;
  };
  const answerOf = async (name: string, input: object = {}) => {
    const { error, text } = await invoke(name, input);
    expect(error).toBeUndefined();
    expect((text as string).length).toBeLessThan(13_000);
    return text as string;
  };
  /** Invokes a tool that starts programs; resolves with what was asked before, too. */
  const confirmed = async (name: string, input: object, { firstTime = false } = {}) => {
    const answer = invoke(name, input);
    const { workbench } = window;
    const { detail, click } = await workbench.dialog();
    await click('Yes');
    if (firstTime)
      await workbench.page.locator('.monaco-dialog-box').getByText('Run', { exact: true }).click();
    return { detail, ...(await answer) };
  };
  const started = () => existsSync(path.join(window.workspace, 'started'));

  it('starts nothing in a workspace that is not trusted, and asks nothing either', async () => {
    for (const [name, input] of [
      ['profile_preset', { preset: 'BEFORE' }],
      ['compare_presets', { a: 'BEFORE', b: 'AFTER' }],
      ['run_gate', {}],
      ['hottest_instructions', { function: 'churn' }],
    ] as const)
      expect(await refusal(name, input)).toMatch(/not trusted/);
    expect(await answerOf('list_runs')).toBe('There are no saved runs.');
    expect(started()).toBe(false);
  });

  it('starts a program only after it was confirmed', async () => {
    const { workbench } = window;
    await workbench.runCommand('Workspaces: Manage Workspace Trust');
    await workbench.page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).click();
    expect(await refusal('profile_preset', { preset: 'NONE' })).toMatch(
      /no preset named NONE.*BEFORE, AFTER/s,
    );

    const declined = invoke('profile_preset', { preset: 'BEFORE' });
    await (await workbench.dialog()).click('Cancel');
    expect(await declined).toEqual({ error: 'Canceled' });
    expect(started()).toBe(false);

    const { detail, text } = await confirmed('profile_preset', { preset: 'BEFORE' }, { firstTime: true });
    expect(detail).toContain('Program: SPEED=1000 ./work');
    expect(text).toMatch(/^Saved as run \S+-BEFORE\.\n.*1\.00k ops\/s \(95% CI .*\), [\d,]+ samples of /);
    expect(started()).toBe(true);
  });

  it('says what went wrong with a program', async () => {
    const { error } = await confirmed('profile_preset', { preset: 'BROKEN' }, { firstTime: true });
    expect(error).toMatch(/status 3/);
  });

  it('answers what the command line answers, in figures with intervals', async () => {
    const asked: readonly (readonly [string, object, RegExp])[] = [
      [
        'list_runs',
        {},
        /^\S+-BEFORE: profile of BEFORE, command work, .* ops\/s .*, [\d,]+ samples of \S+$/m,
      ],
      ['profile_summary', {}, new RegExp(`^work: ${share}$`, 'm')],
      ['hottest_functions', { limit: 1 }, new RegExp(`churn: self ${share}, total ${share}, .*work\\.c:5$`)],
      ['hottest_lines', { limit: 1 }, new RegExp(`work\\.c:5: ${share}: .*sink \\+= i`)],
      ['function_callers', { function: 'churn' }, new RegExp(`Callers:\n {2}\\S+: ${share}`)],
      [
        'hottest_instructions',
        { function: 'churn' },
        new RegExp(`^[0-9a-f]+: ${share}: \\w+ .*work\\.c:5`, 'm'),
      ],
      [
        'what_if',
        { function: 'churn', remaining: 0.5 },
        /[\d.]+× \[[\d.]+×–[\d.]+×\] as fast\nThroughput: \S+k ops\/s \[/,
      ],
      ['compare_runs', { a: 'latest', b: 'latest' }, /Both ran under the same conditions\./],
      ['list_comparisons', {}, /There are no finished comparisons\./],
    ];
    const client = new Client({ name: 'test', version: '1' });
    const args = [path.join(root, 'dist/cli.js'), 'mcp'];
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args, cwd: window.workspace, stderr: 'ignore' }),
    );
    try {
      for (const [name, input, expected] of asked) {
        const text = await answerOf(name, input);
        expect(text).toMatch(expected);
        const { content } = await client.callTool({ name, arguments: { ...input } });
        expect(content).toEqual([{ type: 'text', text }]);
      }
    } finally {
      await client.close();
    }
  });

  it('explains an input that is wrong', async () => {
    for (const [name, input, said] of [
      ['function_callers', { function: 'nonesuch' }, /no function named "nonesuch".*churn.*Next step: /s],
      ['what_if', {}, /function.*Next step: /s],
      ['hottest_lines', { limit: 1000 }, /limit.*Next step: /s],
      ['profile_summary', { run: 'nonesuch' }, /no run nonesuch.*Next step: /s],
      ['profile_preset', { preset: 7 }, /preset.*Next step: /s],
    ] as const)
      expect(await refusal(name, input)).toMatch(said);
  });

  it('measures which preset is faster, and runs the gate', async () => {
    const { text } = await confirmed(
      'compare_presets',
      { a: 'BEFORE', b: 'AFTER', seconds: 10 },
      { firstTime: true },
    );
    expect(text).toMatch(/^AFTER is slower than BEFORE: −10\.0% \(95% CI .*, \d+ pairs\)\./);
    const judged = await confirmed('run_gate', {});
    expect(judged.text).toMatch(/^Slower\.\nAfter: Slower\. AFTER is slower than BEFORE: −10\.0% \(95% CI /);
    expect((await answerOf('list_comparisons')).split('\n')).toHaveLength(2);
    expect([...notCalled]).toEqual([]);
  });
});
