import * as vscode from 'vscode';
import { shellWord } from '../../text/shellWord.js';
import { BuildError } from '../../core/build/build.js';
import { errorText, isCanceled, LabError, type LabErrorCode } from '../../core/labError.js';
import { executeCommand } from '../commands.js';
import { commandIds } from '../contributions.js';

/** How long "cancelled" stays in the status bar. */
const briefly = 4_000;

/** How long a shell that does not tell is given to start, and one that tells to draw its prompt. */
const promptPatience = { silent: 3_000, telling: 300 };

interface Action {
  readonly title: string;
  readonly run: () => unknown;
}

/** Where an error happened, for the buttons that lead there. */
export interface ErrorPlace {
  readonly labFile?: string | undefined;
  readonly folder?: string | undefined;
  /** What the program ran under, for running it by hand. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** Tells errors to the user, with the next step as a button. The whole text goes to the output channel. */
export class Reporter {
  constructor(private readonly log: vscode.LogOutputChannel) {}

  /** Resolves when the message is answered or dismissed; nobody needs to wait for it. */
  async show(error: unknown, place: ErrorPlace = {}): Promise<void> {
    if (isCanceled(error)) {
      this.log.info('Cancelled.');
      vscode.window.setStatusBarMessage('$(circle-slash) HAKMEM Lab: cancelled', briefly);
      return;
    }
    if (error instanceof LabError) this.log.error(error.toText());
    else this.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const actions = [...this.nextSteps(error, place), this.details()];
    const chosen = await vscode.window.showErrorMessage(headline(error), ...actions);
    await chosen?.run();
  }

  private nextSteps(error: unknown, { labFile, folder, environment }: ErrorPlace): Action[] {
    if (!(error instanceof LabError)) return [];
    if (error instanceof BuildError && error.diagnostics.length > 0) {
      return [{ title: 'Show Problems', run: () => showProblems(error) }];
    }
    const actions: Action[] = [];
    if (labFile && (error.code === 'lab-file-invalid' || error.code === 'program-missing')) {
      actions.push({
        title: 'Open Lab File',
        run: () => executeCommand(commandIds.openLabFile, { labFile }),
      });
    }
    const command = error.remedy?.command ?? programCommand(error, environment);
    if (command?.startsWith('hakmem-lab doctor')) {
      actions.push({ title: 'Doctor', run: () => executeCommand(commandIds.doctor) });
    } else if (command) {
      actions.push(
        { title: 'Run in Terminal', run: () => typeInTerminal(command, folder) },
        { title: 'Copy Command', run: () => vscode.env.clipboard.writeText(command) },
      );
    }
    return actions;
  }

  private details(): Action {
    return { title: 'Show Output', run: () => this.log.show(true) };
  }
}

/** Whose detail is long or technical: it is in the output channel, and the message says enough. */
const detailInLogOnly: readonly LabErrorCode[] = ['tool-missing', 'program-failed', 'program-output'];

/** A notification is one paragraph: what happened, the first line of why, and what to do. */
function headline(error: unknown): string {
  if (!(error instanceof LabError)) return `HAKMEM Lab: ${errorText(error)}`;
  const why = detailInLogOnly.includes(error.code) ? '' : (error.detail.split('\n')[0] ?? '');
  return [error.message, why, error.remedy?.text ?? ''].filter(Boolean).map(sentence).join(' ');
}

function sentence(text: string): string {
  return /[.!?:…]$/.test(text) ? text : `${text}.`;
}

/** The command of a program that failed by itself, as it can be run by hand. */
function programCommand(error: LabError, environment: ErrorPlace['environment'] = {}): string | undefined {
  const command = /^\$ (.+)$/m.exec(error.detail)?.[1];
  if (command === undefined || !(error.code === 'program-failed' || error.code === 'program-output')) {
    return undefined;
  }
  return [...Object.entries(environment).map(([name, value]) => `${name}=${shellWord(value)}`), command].join(
    ' ',
  );
}

/** The command is typed, not run: it may ask for a password or change the machine. */
async function typeInTerminal(command: string, folder: string | undefined): Promise<void> {
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

async function showProblems(error: BuildError): Promise<void> {
  await vscode.commands.executeCommand('workbench.actions.view.problems');
  const first = error.diagnostics.find(({ severity }) => severity === 'error') ?? error.diagnostics[0];
  if (!first) return;
  const position = new vscode.Position(Math.max(0, first.line - 1), Math.max(0, first.column - 1));
  await vscode.window.showTextDocument(vscode.Uri.file(first.file), {
    selection: new vscode.Range(position, position),
  });
}
