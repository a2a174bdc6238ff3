import * as vscode from 'vscode';
import { installedPackage } from '../../text/noteActions.js';
import { shellWord } from '../../text/shellWord.js';
import { BuildError } from '../../core/build/build.js';
import { errorText, isCanceled, LabError, type LabErrorCode } from '../../core/labError.js';
import { executeCommand } from './commands.js';
import { commandIds } from './contributions.js';
import { fail, mention, type Action } from './messages.js';
import { typeInTerminal } from './terminal.js';

/** Where an error happened, for the buttons that lead there. */
export interface ErrorPlace {
  readonly labFile?: string | undefined;
  readonly folder?: string | undefined;
  /** What the program ran under, for running it by hand. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** Shows errors to the user, with the next step as a button. The whole text goes to the output channel. */
export class Reporter {
  constructor(private readonly log: vscode.LogOutputChannel) {}

  /** Resolves when the message is answered or dismissed; nobody needs to wait for it. */
  async show(error: unknown, place: ErrorPlace = {}): Promise<void> {
    if (isCanceled(error)) {
      this.log.info('Canceled.');
      mention('circle-slash', vscode.l10n.t('HAKMEM Lab: canceled'));
      return;
    }
    if (error instanceof LabError) this.log.error(error.toText());
    else this.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const showOutput = { title: vscode.l10n.t('Show Output'), run: () => this.log.show(true) };
    await fail(headline(error), ...nextSteps(error, place), showOutput);
  }

  /** The action with its errors shown; it never rejects. */
  guard<Arguments extends unknown[]>(
    action: (...args: Arguments) => unknown,
  ): (...args: Arguments) => Promise<void> {
    return async (...args) => {
      try {
        await action(...args);
      } catch (error) {
        void this.show(error);
      }
    };
  }
}

function nextSteps(error: unknown, { labFile, folder, environment }: ErrorPlace): Action[] {
  if (!(error instanceof LabError)) return [];
  const actions: Action[] = [];
  const hasProblems = error instanceof BuildError && error.diagnostics.length > 0;
  if (labFile && (error.code === 'lab-file-invalid' || error.code === 'program-missing')) {
    actions.push({
      title: vscode.l10n.t('Open Lab File'),
      run: () => executeCommand(commandIds.openLabFile, { labFile }),
    });
  }
  if (!labFile && folder && (error.code === 'program-missing' || error.code === 'program-failed')) {
    actions.push({
      title: vscode.l10n.t('Edit Command'),
      run: () => executeCommand(commandIds.recordProgram),
    });
  }
  const source = error.remedy?.source;
  if (source) {
    actions.push({
      title: vscode.l10n.t('Locate File...'),
      run: () => executeCommand(commandIds.locateSource, source),
    });
  }
  const command = error.remedy?.command ?? programCommand(error, environment);
  if (command?.startsWith('hakmem-lab doctor')) {
    actions.push({ title: vscode.l10n.t('Run Doctor'), run: () => executeCommand(commandIds.doctor) });
  } else if (command) {
    actions.push({ title: terminalTitle(command), run: () => typeInTerminal(command, folder) });
    // Four buttons would be cut off.
    if (!hasProblems)
      actions.push({
        title: vscode.l10n.t('Copy Command'),
        run: () => vscode.env.clipboard.writeText(command),
      });
  }
  if (hasProblems) actions.push({ title: vscode.l10n.t('Show Problems'), run: () => showProblems(error) });
  return actions;
}

/** Whose detail is long or technical: it is in the output channel, and the message says enough. */
const detailInLogOnly: readonly LabErrorCode[] = ['tool-missing', 'program-failed', 'program-output'];

/** Says what the command does, where it installs one package: `Install linux-perf`. */
function terminalTitle(command: string): string {
  const name = installedPackage(command);
  return name !== undefined ? vscode.l10n.t('Install {0}', name) : vscode.l10n.t('Run in Terminal');
}

/** A notification is one paragraph: what happened, the first line of why, and what to do. */
export function headline(error: unknown): string {
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

async function showProblems(error: BuildError): Promise<void> {
  await vscode.commands.executeCommand('workbench.actions.view.problems');
  const first = error.diagnostics.find(({ severity }) => severity === 'error') ?? error.diagnostics[0];
  if (!first) return;
  const position = new vscode.Position(Math.max(0, first.line - 1), Math.max(0, first.column - 1));
  await vscode.window.showTextDocument(vscode.Uri.file(first.file), {
    selection: new vscode.Range(position, position),
  });
}
