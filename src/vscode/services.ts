import type * as vscode from 'vscode';
import type { LabService } from './labs/labService.js';
import type { Reporter } from './shared/reporter.js';
import type { RunHistory } from './runs/history/runHistory.js';
import type { Runner } from './runs/execution/runner.js';
import type { ShownProfile } from './runs/shown/shownProfile.js';

/** What the features share. Built once by the composition root; nothing in it has done any work yet. */
export interface Services {
  readonly log: vscode.LogOutputChannel;
  readonly reporter: Reporter;
  readonly labs: LabService;
  readonly history: RunHistory;
  readonly shown: ShownProfile;
  readonly runner: Runner;
}
