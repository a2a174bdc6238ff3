/**
 * Files of the lab's own store, which may come with a workspace: damaged, put on disk, and read as by every command and view
 * that shows them. A file may be refused or left out; a reader
 * that breaks is a finding.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { comparisonTables, runComparisonTables } from '../../src/cli/experimentTables.js';
import { benchTable } from '../../src/cli/tables.js';
import { compareRuns } from '../../src/core/experiments/compareRuns.js';
import { loadGateFile } from '../../src/core/experiments/gateFile.js';
import { savedComparisons, savedMatrices } from '../../src/core/experiments/savedExperiments.js';
import { comparisonPage } from '../../src/core/experimentPages/comparisonPage.js';
import { historyPage } from '../../src/core/experimentPages/historyPage.js';
import { matrixPage } from '../../src/core/experimentPages/matrixPage.js';
import { folderLab } from '../../src/core/lab/folderLab.js';
import { Laboratory } from '../../src/core/laboratory.js';
import { LabError } from '../../src/core/labError.js';
import { reportMarkdown } from '../../src/core/report/report.js';
import { gatherReport } from '../../src/core/report/reportData.js';
import { packProfile } from '../../src/core/store/profileFile.js';
import { shortTime } from '../../src/text/dates.js';
import type { Profile } from '../../src/model/profile.js';
import type { RunDocument } from '../../src/model/run.js';
import { madeComparison, madeMatrix } from '../unit/support/experiments.js';

const run: RunDocument = {
  formatVersion: 1,
  id: 'damaged',
  kind: 'profile',
  createdAt: '2026-11-26T12:00:00.000Z',
  lab: 'Test',
  preset: {
    name: 'BINS',
    description: 'A preset',
    environment: { HAKMEM_PROFILE: 'BINS' },
    program: 'build/bench',
    args: ['1', '2'],
    profileArgs: ['1', '3'],
    cwd: '.',
    stdin: 'input',
  },
  environment: {
    host: { cpu: 'A processor', cores: 2, kernel: '6.1', memoryBytes: 2 ** 34 },
    perf: '6.1',
    compiler: 'gcc 12',
    variables: { HAKMEM_PROFILE: 'BINS' },
    programHash: 'abc',
    buildId: 'def',
    machine: { ASLR: 'on' },
    source: { commit: '0123456789', diffHash: 'fed' },
  },
  results: ['hakmem', 'system'].map((allocator, i) => ({
    allocator,
    opsPerSec: { median: 1e8 - i, ci95: [9e7, 1.1e8] as const, samples: [9e7, 1e8, 1.1e8] },
    peakRssBytes: 5 << 20,
  })),
  stat: {
    counters: [{ event: 'page-faults', value: 120, unit: '' }],
    unavailable: [{ event: 'cycles', reason: 'none here' }],
    derived: {},
    operations: 1e6,
  },
  samples: 100,
  sources: { 'a.c': '0123', 'b.c': null },
  ended: { exitStatus: 0, signal: null },
} as RunDocument;
const other = { ...run, id: 'other', preset: { ...run.preset, name: 'LEGACY' } };
const whole = { ...run, id: 'whole' };

const gate = {
  formatVersion: 1,
  marginPercent: 2,
  secondsPerCheck: 30,
  checks: [
    {
      name: 'speed',
      preset: 'BINS',
      against: { preset: 'LEGACY' },
      instructions: { perOp: 60, iterations: 1000, compiler: 'gcc 12' },
    },
  ],
  history: [{ name: 'first', preset: 'BINS', opsPerSec: 5e7, source: 'elsewhere' }],
};

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

export const savedFileSeeds = {
  run: [json(run)],
  comparison: [json(madeComparison(1.1, 8)), json(madeComparison(1, 3))],
  matrix: [json(madeMatrix()), json(madeMatrix([60, 60, 50, 50, 60, 60, 50, 50]))],
  gate: [json(gate)],
};

/** Puts files of the store into a folder and reads them there. */
export class SavedFiles {
  private readonly laboratory: Laboratory;
  private readonly store: string;
  private profile: Promise<void> | undefined;

  constructor(
    folder: string,
    private readonly recorded: Profile,
  ) {
    this.laboratory = new Laboratory(folderLab(folder));
    this.store = path.join(folder, '.hakmem-lab');
  }

  /** @throws LabError where it is refused or left out */
  async read(kind: keyof typeof savedFileSeeds, data: Buffer): Promise<undefined> {
    this.profile ??= this.prepare();
    await this.profile;
    await this[kind](data);
    return undefined;
  }

  private async prepare(): Promise<void> {
    const packed = await packProfile(this.recorded);
    for (const one of [whole, other, run]) {
      this.write(packed, 'runs', one.id, 'profile.bin.gz');
      this.write(json(one), 'runs', one.id, 'run.json');
    }
  }

  private write(data: Uint8Array, ...names: string[]): string {
    const file = path.join(this.store, ...names);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, data);
    return file;
  }

  private async run(data: Buffer): Promise<void> {
    const { laboratory } = this;
    this.write(data, 'runs', run.id, 'run.json');
    const { createdAt, results } = await laboratory.store.load(run.id);
    shortTime(createdAt);
    benchTable(results);
    const report = await gatherReport(laboratory, [run.id]);
    reportMarkdown(report);
    reportMarkdown(await gatherReport(laboratory, [whole.id]));
    historyPage(report.history);
    runComparisonTables(await compareRuns(laboratory, whole.id, run.id), new Set([run.preset.name]));
  }

  private async comparison(data: Buffer): Promise<void> {
    this.write(data, 'experiments', 'damaged-comparison', 'result.json');
    const [comparison] = await savedComparisons(this.laboratory.store);
    if (!comparison) throw leftOut();
    comparisonTables(comparison);
    comparisonPage(comparison, null, null);
    await this.reportWith('damaged-comparison');
  }

  private async matrix(data: Buffer): Promise<void> {
    this.write(data, 'experiments', 'damaged-matrix', 'result.json');
    const [matrix] = await savedMatrices(this.laboratory.store);
    if (!matrix) throw leftOut();
    matrixPage(matrix, null);
    await this.reportWith('damaged-matrix');
  }

  private async reportWith(id: string): Promise<void> {
    reportMarkdown(await gatherReport(this.laboratory, [whole.id, other.id]));
    this.write(Buffer.alloc(0), 'experiments', id, 'result.json');
  }

  private async gate(data: Buffer): Promise<void> {
    await loadGateFile(this.write(data, 'hakmem-lab-gate.json'));
  }
}

function leftOut(): LabError {
  return new LabError('experiment-unknown', 'It was left out.', { detail: 'It lacks something.' });
}
