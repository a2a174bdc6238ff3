import * as vscode from 'vscode';
import { count, percent } from '../../text/numbers.js';
import { hottestPath, withoutMiddle, type PathStep } from '../../views/hottestPath.js';
import type { Annotations } from '../annotations/annotations.js';
import { requireFunction } from '../annotations/functionAtCursor.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { executeCommand, registerCommand } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import type { Reporter } from '../shared/reporter.js';

/** Callers in the list: a deep recursion has thousands. */
const mostSteps = 60;

/** The command that lists how the program gets to a function, to go to any of the callers. */
export function registerHottestPath(
  context: vscode.ExtensionContext,
  { shown, reporter }: { readonly shown: ShownProfile; readonly reporter: Reporter },
  annotations: Annotations,
): void {
  context.subscriptions.push(
    registerCommand(
      commandIds.showHottestPath,
      reporter.guard(async (target) => {
        const func = requireFunction(shown, annotations, target);
        if (func !== undefined && shown.current) await pick(shown.current, func);
      }),
    ),
  );
}

interface Item extends vscode.QuickPickItem {
  readonly func: number;
}

async function pick(shown: ShownRun, func: number): Promise<void> {
  const { tree } = shown.samples;
  const path = hottestPath(tree, func);
  const all = tree.total[0] as number;
  const { first, leftOut, last } = withoutMiddle(path, mostSteps);
  const item = ({ func: step, weight }: PathStep): Item => ({
    label: shown.functionName(step),
    description: percent(weight / all),
    func: step,
  });
  const between: Item[] =
    leftOut > 0
      ? [
          {
            label: vscode.l10n.t('{0} callers in between', count(leftOut)),
            kind: vscode.QuickPickItemKind.Separator,
            func: -1,
          },
        ]
      : [];
  const chosen = await vscode.window.showQuickPick([...first.map(item), ...between, ...last.map(item)], {
    title: vscode.l10n.t('Hottest Path to {0}', shown.functionName(func)),
    placeHolder: vscode.l10n.t(
      'From the start of the program, with the share of all samples that come this way',
    ),
  });
  if (chosen) await executeCommand(commandIds.openHotspot, { runId: shown.run.id, func: chosen.func });
}
