import { runLabel, runName } from '../../../src/text/runLabel.js';
import { shellWord } from '../../../src/text/shellWord.js';
import { describe, expect, it } from 'vitest';
import type { CompilerDiagnostic } from '../../../src/core/build/compilerOutput.js';
import type { Preset } from '../../../src/core/lab/labFile.js';
import type { RunDocument } from '../../../src/model/run.js';
import { doctorText } from '../../../src/vscode/doctor/doctorText.js';
import { groupNotes } from '../../../src/vscode/runs/execution/groupNotes.js';
import { duration } from '../../../src/text/numbers.js';
import { alikeStart, runFigure, runPick, runSummary, trend } from '../../../src/vscode/shared/runTexts.js';
import { escapeMarkdown, inlineCode, shellBlock } from '../../../src/text/markdown.js';
import { locateJson, syntaxErrorOffset } from '../../../src/vscode/labs/jsonPlace.js';
import { runTooltip } from '../../../src/vscode/runs/history/runTooltip.js';
import { runReport } from '../../../src/vscode/runs/history/runReport.js';
import { presetTooltip } from '../../../src/vscode/presets/presetTooltip.js';

const result = {
  allocator: 'HAKMEM',
  opsPerSec: {
    median: 9_836_420,
    ci95: [9_640_000, 10_030_000] as const,
    samples: [9_836_420, 9_640_000, 10_030_000],
  },
  peakRssBytes: 3_500_000,
};
const run: RunDocument = {
  formatVersion: 1,
  id: 'R',
  kind: 'profile',
  createdAt: '2026-01-31T12:00:00.000Z',
  lab: 'HAKMEM',
  preset: { name: 'P', description: 'd|e', environment: {}, program: 'build/p', args: ['a b'] },
  environment: {
    host: { cpu: 'CPU', cores: 2, kernel: '6.1', memoryBytes: 2 ** 30 },
    perf: null,
    compiler: null,
    variables: { A: 'x|y' },
    programHash: null,
  },
  results: [result],
  stat: null,
  samples: 10_313,
};

describe('a run in one line', () => {
  it('is its throughput, else its exact count, else its samples', () => {
    const stat = { counters: [], unavailable: [], derived: { instructionsPerOp: 67.2949 }, operations: 10 };
    expect(runSummary(run)).toBe('9.84M ops/s');
    expect(runSummary({ ...run, stat })).toBe('9.84M ops/s');
    expect(runSummary({ ...run, stat, results: [] })).toBe('67.3 instructions/op');
    expect(runSummary({ ...run, results: [] })).toBe('10,313 samples');
    expect(runSummary({ ...run, results: [], samples: 1 })).toBe('1 sample');
    const events = ['cpu-clock:u', 'page-faults:u'];
    expect(runSummary({ ...run, results: [], events })).toBe('10,313 samples of 2 events');
    const counted = { event: 'Ir', amount: 9_328_581 };
    expect(runSummary({ ...run, results: [], counted })).toBe('9.33M instructions');
    expect(runSummary({ ...run, results: [], samples: null })).toBe('no result');
  });
});

describe('a run in its tooltip', () => {
  it('has events and commit where they are known', () => {
    expect(runTooltip(run)).toContain('\n\n10,313 samples\n\nCPU');
    const source = { commit: '53b41d0cddd8a1b2c3d4' };
    const known = { ...run, events: ['cpu-clock:u', 'page-faults:u'] };
    expect(runTooltip({ ...known, environment: { ...run.environment, source } })).toContain(
      '\n\n10,313 samples of cpu-clock:u, page-faults:u\n\nCommit 53b41d0cddd8\n\nCPU',
    );
    const changed = { ...source, diffHash: 'abc' };
    expect(runTooltip({ ...known, environment: { ...run.environment, source: changed } })).toContain(
      'Commit 53b41d0cddd8 with uncommitted changes',
    );
  });

  it('is called as the user named it, or by its arguments if no preset has them', () => {
    expect(runLabel(run, 'before the fix', true)).toBe('before the fix');
    expect(runLabel(run, undefined, false)).toBe('P');
    expect(runLabel(run, undefined, true)).toBe("P 'a b'");
    const many = { ...run, preset: { ...run.preset, args: ['--input', 'a/rather/long/path.txt'] } };
    expect(runLabel(many, undefined, true)).toBe('P --input a/rather…');
    expect(runName(many, undefined, [])).toBe('P --input a/rather/long/path.txt');
    expect(runName(many, undefined, [{ name: 'P' }])).toBe('P');
    expect(runName(many, 'after the fix', [])).toBe('after the fix');
    expect(runPick(many, {}, true)).toEqual({ label: 'P --input a/rather/long/path.txt' });
    const args = ['--benchmark_filter=Search_Hard_CachedNFA', '--seed', '2'];
    const more = { ...run, preset: { ...run.preset, args } };
    expect(runPick(more, { note: 'two\nlines' }, true)).toEqual({
      label: 'P --benchmark_filter=Search_Hard_CachedNFA…',
      detail: '--benchmark_filter=Search_Hard_CachedNFA --seed 2 · two lines',
    });
    // In the list, what other runs of the program begin with, too, is left out.
    const alike = alikeStart([args.join(' '), '--benchmark_filter=Search_Easy0_CachedDFA', args.join(' ')]);
    expect(runLabel(more, undefined, true, { alike })).toBe('P …Hard_CachedNFA …');
    expect(alikeStart(['-n 1', '-n 2'])).toBe(0);
    expect(alikeStart(['--input a', '--input a'])).toBe(0);
    expect(alikeStart(['--input=a', '--input=b c', ''])).toBe(8);
    const none = { ...run, preset: { ...run.preset, args: [] } };
    expect(runLabel(none, undefined, true, { alike: 8 })).toBe('P');
    expect(runPick(more, { title: 'before' }, true).detail).toMatch(/--seed 2$/);
  });
});

describe('a run in a narrow list', () => {
  const measured = (median: number, low: number, high: number, operation?: 'execution'): RunDocument => ({
    ...run,
    results: [
      {
        allocator: 'x',
        opsPerSec: { median, ci95: [low, high], samples: [low, median, high] },
        peakRssBytes: null,
        ...(operation ? { operation } : {}),
      },
    ],
  });

  it('begins with its figure; a time brings its own unit', () => {
    expect(runFigure(run)).toEqual({ figure: '9.84M', unit: 'ops/s' });
    expect(runFigure(measured(4, 3.9, 4.1, 'execution'))).toEqual({ figure: '250 ms', unit: '' });
    expect(runFigure({ ...run, results: [] })).toBeUndefined();
  });

  it('says how it moved only where the intervals lie apart', () => {
    const [before, faster, same] = [measured(100, 98, 102), measured(110, 108, 112), measured(103, 101, 105)];
    expect(trend(faster, before)).toBe('▲ 10.0%');
    expect(trend(before, faster)).toBe('▼ 9.09%');
    expect(trend(same, before)).toBe('≈');
    expect(trend(before, undefined)).toBe('');
    expect(trend({ ...run, results: [] }, before)).toBe('');
    // A time that falls, shown as it is shown.
    const [slow, quick] = [measured(2, 1.9, 2.1, 'execution'), measured(4, 3.9, 4.1, 'execution')];
    expect(trend(quick, slow)).toBe('▼ 50.0%');
    expect(trend(quick, before)).toBe('');
  });
});

describe('the time that a process has worked', () => {
  it('is rounded to what can be read at a glance', () => {
    expect([0.04, 9.9, 9.96, 59.4, 59.6, 200, 7500].map(duration)).toEqual([
      '0.0 s',
      '9.9 s',
      '10 s',
      '59 s',
      '1 min 0 s',
      '3 min 20 s',
      '2 h 05 min',
    ]);
  });
});

describe('names in Markdown', () => {
  it('are shown as they are', () => {
    expect(escapeMarkdown('a_b\n$(x) <i>')).toBe('a_b \\$(x) \\<i\\>');
    expect(inlineCode('a|b`c')).toBe("`a\\|b'c`");
    expect(inlineCode('')).toBe('` `');
    expect(shellBlock('a ``` b')).toBe("```sh\na ''' b\n```");
  });

  it('are quoted where a shell would take them apart', () => {
    expect(['a', 'a b', "it's", ''].map(shellWord)).toEqual(['a', "'a b'", `'it'\\''s'`, "''"]);
  });
});

describe('tooltips and reports', () => {
  const preset = {
    name: 'P_1',
    description: 'what',
    environment: { A: 'x|y' },
    program: 'build/p',
    args: ['a b'],
    rivals: {},
  } as Preset;

  it('show what a preset runs and what it found', () => {
    const text = presetTooltip(preset, { last: run, failure: undefined });
    expect(text).toContain('**P_1**');
    expect(text).toContain('| `A` | `x\\|y` |');
    expect(text).toContain("build/p 'a b'");
    expect(text).toContain('**9.84M ops/s (range 9.64M–10.0M, 3 repeats)**, peak 3.34 MiB resident');
    expect(presetTooltip(preset, { last: undefined, failure: undefined })).toContain('Not run yet.');
  });

  it('show a benchmark with its samples and surroundings', () => {
    const text = runReport(run);
    expect(text).toContain('| HAKMEM | **9.84M ops/s** | range 9.64M–10.0M |');
    expect(text).toContain('9.84M, 9.64M, 10.0M');
    expect(text).toContain('| A | x\\|y |');
  });

  it('show what the doctor found, and each remedy once', () => {
    const text = doctorText({
      machine: 'M',
      checks: [
        { name: 'make', status: 'ok', detail: 'GNU Make' },
        {
          name: 'perf',
          status: 'missing',
          detail: 'a\nb',
          remedy: { text: 'Install it.', command: 'apt x' },
        },
      ],
    });
    expect(text).toContain('| **missing** | perf | a<br>b |');
    expect(text).toContain('### perf\n\nInstall it.\n\n```sh\napt x\n```');
    expect(text).not.toContain('### make');
  });
});

describe("the compiler's notes", () => {
  const message = (severity: CompilerDiagnostic['severity'], text: string): CompilerDiagnostic => ({
    file: '/a.c',
    line: 1,
    column: 1,
    severity,
    message: text,
  });

  it('belong to what they explain, and repetitions are one problem', () => {
    const [error, note] = [message('error', 'E'), message('note', 'N')];
    expect(groupNotes([error, note, error, note, message('warning', 'W')])).toEqual([
      { main: error, notes: [note] },
      { main: message('warning', 'W'), notes: [] },
    ]);
    expect(groupNotes([note])).toEqual([{ main: note, notes: [] }]);
  });
});

describe('places in a lab file', () => {
  const text =
    '{ "name": "x, \\"y\\"",\n  "presets": [ { "name": "A" }, { "a": [1, {"b": 2}], "name": "B" } ] }';
  const found = (...path: (string | number)[]) => {
    const { start, end } = locateJson(text, path);
    return text.slice(start, end);
  };

  it('are found by their path', () => {
    expect(found('name')).toBe('"x, \\"y\\""');
    expect(found('presets', 1, 'name')).toBe('"B"');
    expect(found('presets', 1, 'a', 1, 'b')).toBe('2');
    expect(found('presets', 0)).toBe('{ "name": "A" }');
    expect(found()).toBe(text);
  });

  it('are the nearest value on the way where the path leads nowhere', () => {
    expect(found('presets', 0, 'program')).toBe('{ "name": "A" }');
    expect(found('presets', 7)).toBe(text.slice(text.indexOf('['), text.lastIndexOf(']') + 1));
  });

  it('end with the text, whatever it is', () => {
    for (const broken of ['', '{', '{"a', '{"a":', '[1,', '{"a": [', ']]', '{"presets": {]}']) {
      expect(locateJson(broken, ['presets', 0, 'name']).start).toBeLessThanOrEqual(broken.length);
    }
  });

  it('are read from messages of JSON.parse', () => {
    expect(syntaxErrorOffset('Unexpected token } in JSON at position 17')).toBe(17);
    expect(syntaxErrorOffset('Unexpected end of JSON input')).toBeUndefined();
  });
});
