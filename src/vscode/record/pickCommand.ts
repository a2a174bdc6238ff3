import * as vscode from 'vscode';
import { LabError } from '../../core/labError.js';
import { parseCommandLine, shellCommand } from '../../core/process/commandLine.js';

/** The command lines that were profiled in this workspace, newest first. */
const historyKey = 'recordProgram.history';
const longestHistory = 20;

/**
 * Asks for a command line: typed, or one of those that were profiled before.
 * @param folder where it runs, for the hint
 * @returns undefined if the question was dismissed
 */
export function pickCommand(
  title: string,
  folder: string,
  state: vscode.Memento,
): Promise<string | undefined> {
  const history = state.get<string[]>(historyKey) ?? [];
  const pick = vscode.window.createQuickPick();
  pick.title = title;
  pick.placeholder = vscode.l10n.t('./program argument... (runs in {0}, without a shell)', folder);
  pick.ignoreFocusOut = true;
  pick.matchOnDetail = false;
  const update = () => {
    const typed = pick.value.trim();
    const before = history.filter((line) => line !== typed).map((label) => ({ label }));
    pick.items = typed === '' ? before : [{ ...itemFor(typed), alwaysShow: true }, ...before];
  };
  pick.onDidChangeValue(update);
  update();
  return new Promise<string | undefined>((resolve) => {
    pick.onDidAccept(() => {
      // An item of an earlier list: what was typed since has not been listed yet.
      const item = pick.activeItems.find((one) => pick.items.includes(one));
      const line = item?.label ?? pick.value.trim();
      // Nothing can be entered that has a problem: its hint says which.
      if (problemOf(line) === undefined) {
        resolve(line);
        pick.hide();
      }
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

export async function rememberCommand(line: string, state: vscode.Memento): Promise<void> {
  const before = (state.get<string[]>(historyKey) ?? []).filter((other) => other !== line);
  await state.update(historyKey, [line, ...before].slice(0, longestHistory));
}

/** What is typed; what only a shell can do, with a shell around it. */
function itemFor(line: string): vscode.QuickPickItem {
  const problem = problemOf(line);
  if (problem === undefined)
    return {
      label: line,
      detail: vscode.l10n.t('Quotes, NAME=VALUE before the program, and < FILE work as in a shell.'),
    };
  const inShell = withShell(line);
  return inShell === undefined
    ? { label: line, detail: problem }
    : {
        label: inShell,
        detail: vscode.l10n.t('In a shell. Everything that it starts is profiled, too.'),
      };
}

function withShell(line: string): string | undefined {
  try {
    const command = shellCommand(line);
    return command !== undefined && problemOf(command) === undefined ? command : undefined;
  } catch {
    // Its problem is another one.
    return undefined;
  }
}

function problemOf(line: string): string | undefined {
  try {
    parseCommandLine(line);
    return undefined;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return `${error.message} ${error.remedy?.text ?? ''}`.trim();
  }
}
