import * as vscode from 'vscode';

/** How long, in milliseconds, a shell that does not tell is given to start, and one that tells to draw its prompt. */
const promptPatience = { silent: 3_000, telling: 300 };

/** The command is typed, not run: it may ask for a password or change the machine. */
export async function typeInTerminal(command: string, folder: string | undefined): Promise<void> {
  const terminal = vscode.window.createTerminal({ name: 'HAKMEM Lab', ...(folder ? { cwd: folder } : {}) });
  terminal.show();
  await promptShown(terminal);
  terminal.sendText(command, false);
}

/** Resolves when the shell shows its prompt: what is typed sooner is echoed twice. Not every shell tells. */
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
      timer = setTimeout(done, promptPatience.telling);
    });
  });
}
