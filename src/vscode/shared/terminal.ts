import * as vscode from 'vscode';

/** Milliseconds to wait for the prompt: of a shell without shell integration, and after the integration reports in. */
const promptPatience = { silent: 3_000, integrated: 300 };

/** The command is typed, not run: it may ask for a password or change the machine. */
export async function typeInTerminal(command: string, folder: string | undefined): Promise<void> {
  const terminal = vscode.window.createTerminal({ name: 'HAKMEM Lab', ...(folder ? { cwd: folder } : {}) });
  terminal.show();
  await promptShown(terminal);
  terminal.sendText(command, false);
}

/** Resolves when the shell shows its prompt: what is typed sooner is echoed twice. Not every shell reports it. */
function promptShown(terminal: vscode.Terminal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      subscription.dispose();
      resolve();
    };
    let timer = setTimeout(done, promptPatience.silent);
    const subscription = vscode.window.onDidChangeTerminalShellIntegration((event) => {
      if (event.terminal !== terminal) return;
      clearTimeout(timer);
      timer = setTimeout(done, promptPatience.integrated);
    });
  });
}
