import * as vscode from 'vscode';
import type { TaskContext } from '../../../core/context.js';
import { isCanceled } from '../../../core/labError.js';
import { inform } from '../../shared/messages.js';
import type { ErrorPlace, Reporter } from '../../shared/reporter.js';
import { requireTrust } from '../../shared/trust.js';
import type { Failures } from '../history/failures.js';
import type { RunHistory } from '../history/runHistory.js';
import type { Runner, RunRequest } from './runner.js';
import { activity, runTitle } from './runTitles.js';

export interface AttemptParts {
  readonly runner: Runner;
  readonly reporter: Reporter;
  readonly history: RunHistory;
  readonly failures: Failures;
}

/** Measures one thing at a time, in a trusted workspace, and shows why something couldn't be measured. */
export class Attempts {
  constructor(private readonly parts: AttemptParts) {}

  /** Undefined after an error or a refusal, which was shown. @param onFailure receives the error, too */
  async make<T>(
    request: RunRequest,
    work: (context: TaskContext) => Promise<T>,
    place: () => ErrorPlace,
    onFailure?: (error: unknown) => void,
  ): Promise<T | undefined> {
    const { runner, reporter, history, failures } = this.parts;
    if (!requireTrust(activity(request.kind))) return undefined;
    if (runner.current) {
      showBusy(runner);
      return undefined;
    }
    try {
      const result = await runner.run(request, work);
      failures.forget(request);
      return result;
    } catch (error) {
      onFailure?.(error);
      if (!isCanceled(error)) failures.remember(request, error);
      void reporter.show(error, place());
      return undefined;
    } finally {
      history.refresh();
    }
  }
}

function showBusy(runner: Runner): void {
  const { kind, preset } = runner.current as NonNullable<Runner['current']>;
  void inform(
    vscode.l10n.t(
      '{0} is still in progress, and two runs would disturb each other. Wait for it to finish, or cancel it.',
      runTitle(kind, preset),
    ),
    { title: vscode.l10n.t('Cancel Run'), run: () => runner.cancel() },
  );
}
