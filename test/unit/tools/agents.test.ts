import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordingContext } from '../support/fixtures.js';
import { TempLab } from '../support/tempLab.js';
import { bundleCli } from '../support/bundleCli.mjs';

describe('an agent', () => {
  let lab: TempLab;
  let cli: string;

  beforeAll(async () => {
    lab = new TempLab();
    cli = await bundleCli(lab.folder);
    await (await lab.open()).profile('RUN', { repeats: 2 }, recordingContext());
  }, 120_000);
  afterAll(() => lab.dispose());

  async function withClient<T>(args: readonly string[], use: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [cli, 'mcp', ...args],
        cwd: lab.folder,
        stderr: 'ignore',
      }),
    );
    try {
      return await use(client);
    } finally {
      await client.close();
    }
  }

  async function ask(client: Client, name: string, input: Record<string, unknown> = {}) {
    const { content, isError } = await client.callTool({ name, arguments: input });
    const [part] = content as { text: string }[];
    return { text: part?.text ?? '', failed: isError === true };
  }

  it('gets an answer with units and intervals from every tool that only reads', async () => {
    await withClient([], async (client) => {
      expect(client.getInstructions()).toMatch(/Start with list_runs/);
      const { tools } = await client.listTools();
      const answered = new Map<string, string>();
      const inputs: Record<string, Record<string, unknown>> = {
        function_callers: { function: 'worker_run' },
        hottest_instructions: { function: 'worker_run', limit: 3 },
        what_if: { function: 'worker_run', remaining: 0.5 },
        compare_runs: { a: 'latest', b: 'latest' },
      };
      for (const { name, annotations } of tools) {
        expect(annotations?.readOnlyHint).toBe(true);
        const { text, failed } = await ask(client, name, inputs[name]);
        expect(failed, text).toBe(false);
        expect(text.length).toBeLessThan(13_000);
        answered.set(name, text);
      }
      expect(answered.get('list_runs')).toMatch(
        /profile of RUN, command \S+.*, .* ops\/s \(.*\d+ samples? of /,
      );
      expect(answered.get('profile_summary')).toMatch(/Benchmark Driver: [\d.]+% \[[\d.]+%–[\d.]+%\]/);
      expect(answered.get('hottest_functions')).toMatch(/worker_run: self [\d.]+% \[.*bench\.c:\d+/);
      expect(answered.get('hottest_lines')).toMatch(/bench\.c:\d+: [\d.]+% \[/);
      expect(answered.get('function_callers')).toMatch(/Callers:\n {2}\S+: [\d.]+%/);
      expect(answered.get('hottest_instructions')).toMatch(
        /^[0-9a-f]+: [\d.]+% \[[\d.]+%–[\d.]+%\]: \w+ .*bench\.c:\d+\)$/m,
      );
      expect(answered.get('hottest_instructions')).toMatch(
        /^Shares are of the [\d,]+ in this function of [\d,]+ samples of /m,
      );
      for (const text of answered.values()) expect(text).not.toMatch(/:0\b[,)]/);
      expect(answered.get('what_if')).toMatch(/[\d.]+× \[[\d.]+×–[\d.]+×\] as fast\nThroughput: /);
    });
  });

  it('can execute a preset only where that was allowed', async () => {
    await withClient([], async (client) => {
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).not.toContain('profile_preset');
      const refused = await ask(client, 'profile_preset', { preset: 'RUN' });
      expect(refused.failed).toBe(true);
    });
    await withClient(['--allow-run'], async (client) => {
      const { text, failed } = await ask(client, 'profile_preset', { preset: 'RUN' });
      expect(failed, text).toBe(false);
      expect((await ask(client, 'list_runs')).text.split('\n')).toHaveLength(2);
    });
  }, 120_000);

  it('can measure what is faster, and run the gate', async () => {
    lab.write(
      'hakmem-lab-gate.json',
      JSON.stringify({
        formatVersion: 1,
        secondsPerCheck: 1,
        checks: [{ name: 'same', preset: 'RUN', against: { preset: 'ONCE' } }],
      }),
    );
    await withClient(['--allow-run'], async (client) => {
      const compared = await ask(client, 'compare_presets', { a: 'RUN', b: 'ONCE', seconds: 1 });
      expect(compared.failed, compared.text).toBe(false);
      expect(compared.text).toMatch(/^.*(RUN|ONCE).*\(.*\d+ pairs?.*\)\./);
      expect(compared.text).toMatch(/RUN: .*ops\/s\nONCE: .*ops\/s/);
      const [, id] = /Saved as comparison (\S+)\.$/m.exec(compared.text) ?? [];
      expect((await ask(client, 'list_comparisons')).text).toContain(`${id}: `);
      const gate = await ask(client, 'run_gate');
      expect(gate.failed, gate.text).toBe(false);
      expect(gate.text).toMatch(/^\w+\.\nsame: \w+\. /);
    });
  }, 120_000);

  it('learns what is wrong and what to do', async () => {
    await withClient([], async (client) => {
      const { text, failed } = await ask(client, 'function_callers', { function: 'no_such_function' });
      expect(failed).toBe(true);
      expect(text).toContain('no_such_function');
      expect(text).toContain('Next step:');
      expect((await ask(client, 'hottest_lines', { limit: 1000 })).failed).toBe(true);
    });
  });
});
