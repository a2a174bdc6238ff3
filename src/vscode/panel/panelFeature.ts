import * as vscode from 'vscode';
import { registerCommand } from '../shared/commands.js';
import { readSetting } from '../shared/settings.js';
import type { Comparisons } from '../compare/comparisons.js';
import { commandIds, panelViewType, settings, type FunctionRef } from '../shared/contributions.js';
import type { Measurements } from '../runs/execution/measurements.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ProfileView } from '../runs/shown/shownRun.js';
import type { Reporter } from '../shared/reporter.js';
import type { Annotations } from '../annotations/annotations.js';
import { requireFunction } from '../annotations/functionAtCursor.js';
import { Panel } from './panel.js';

interface Parts {
  readonly log: vscode.LogOutputChannel;
  readonly reporter: Reporter;
  readonly shown: ShownProfile;
  readonly measurements: Measurements;
}

const stateKey = 'panel.state';

/** The panel, the commands that show it, and its return after a reload of the window. */
export function registerPanel(
  context: vscode.ExtensionContext,
  parts: Parts,
  annotations: Annotations,
  comparisons: Comparisons,
): void {
  const { log } = parts;
  const panel = new Panel(
    {
      extensionUri: context.extensionUri,
      log,
      reporter: parts.reporter,
      comparisons,
      annotations,
      shown: parts.shown,
      measurements: parts.measurements,
      kept: {
        get: () => context.workspaceState.get(stateKey),
        set: (state) => void context.workspaceState.update(stateKey, state),
      },
    },
    parts.shown,
  );
  const { measurements, shown, reporter } = parts;
  /** Functions are numbered by profile: a number of the shown one means nothing elsewhere. */
  const view = (): ProfileView => (shown.opening ? panel : (shown.current?.editor ?? panel));
  context.subscriptions.push(
    panel,
    measurements.onDidProfile(() => {
      if (readSetting(settings.profileShowPanel)) void panel.reveal();
    }),
    registerCommand(
      commandIds.showPanel,
      reporter.guard(async (tab?: string) => {
        const shownIn = view();
        await shownIn.reveal();
        if (typeof tab === 'string') shownIn.showTab(tab);
      }),
    ),
    registerCommand(commandIds.revealInFlameGraph, (target?: FunctionRef) => {
      const func = requireFunction(shown, annotations, target);
      if (func !== undefined) view().selectFunction(func, 'flame');
    }),
    registerCommand(commandIds.showWhatIf, (target?: FunctionRef) => {
      const func = requireFunction(shown, annotations, target);
      if (func !== undefined) view().selectFunction(func, 'whatif');
    }),
    vscode.window.registerWebviewPanelSerializer(panelViewType, {
      // Its run is the one that the window shows again: see startWhenIdle.
      deserializeWebviewPanel(restored) {
        panel.adopt(restored);
        return Promise.resolve();
      },
    }),
  );
}
