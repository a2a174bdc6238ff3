import type * as vscode from 'vscode';
import type { ShownProfile } from './shownProfile.js';

interface Kept {
  readonly labFile: string;
  readonly runId: string;
  /** When it was shown, as `createdAt` of runs. */
  readonly at: string;
}

const stateKey = 'shown.last';

/**
 * The saved run that the window showed last. It is kept by the extension's host: what a webview keeps may be lost when
 * a browser's window closes, and is read only once the webview is visible again.
 */
export class LastShown implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly state: vscode.Memento,
    shown: ShownProfile,
  ) {
    this.subscription = shown.onDidChange((now) => {
      if (!now || now.editor) return;
      const kept: Kept = {
        labFile: now.laboratory.lab.file,
        runId: now.run.id,
        at: new Date().toISOString(),
      };
      void state.update(stateKey, kept);
    });
  }

  get run(): Kept | undefined {
    const kept = this.state.get<Partial<Kept>>(stateKey);
    const { labFile, runId, at } = kept ?? {};
    return labFile !== undefined && runId !== undefined && at !== undefined
      ? { labFile, runId, at }
      : undefined;
  }

  dispose(): void {
    this.subscription.dispose();
  }
}
