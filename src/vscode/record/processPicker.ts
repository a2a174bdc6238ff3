import * as vscode from 'vscode';
import { listProcesses, type ProcessInfo } from '../../core/process/processes.js';
import { duration } from '../../text/numbers.js';
import { shellWord } from '../../text/shellWord.js';

interface ProcessItem extends vscode.QuickPickItem {
  readonly process: ProcessInfo;
}

/**
 * The list can be refreshed: the process may have been started after it was opened. It stays when a panel that is
 * still opening takes the focus, or when the user looks a process up elsewhere.
 */
export function pickProcess(): Promise<ProcessInfo | undefined> {
  const pick = vscode.window.createQuickPick<ProcessItem>();
  pick.title = vscode.l10n.t('Attach to Process');
  pick.placeholder = vscode.l10n.t('Choose one of your processes, busiest first');
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.buttons = [{ iconPath: new vscode.ThemeIcon('refresh'), tooltip: vscode.l10n.t('Refresh') }];
  const fill = async () => {
    pick.busy = true;
    pick.items = (await listProcesses()).map(processItem);
    pick.busy = false;
  };
  return new Promise((resolve, reject) => {
    pick.onDidTriggerButton(() => void fill().catch(reject));
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.process);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
    fill().catch(reject);
  });
}

function processItem(process: ProcessInfo): ProcessItem {
  return {
    label: process.name,
    description: vscode.l10n.t('{0} · {1} CPU', process.pid, duration(process.cpuSeconds)),
    // A single one is a file, or a whole line with which a server names itself.
    detail: process.args.length === 1 ? process.args.join() : process.args.map(shellWord).join(' '),
    process,
  };
}
