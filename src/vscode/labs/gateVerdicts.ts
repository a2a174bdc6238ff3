import * as vscode from 'vscode';

/** How many checks of each lab's gate were slower when it ran last in this window. */
export class GateVerdicts implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly slower = new Map<string, number>();

  set(labFile: string, slower: number): void {
    this.slower.set(labFile, slower);
    this.changed.fire();
  }

  /** Over all labs of the window. */
  get total(): number {
    return [...this.slower.values()].reduce((sum, count) => sum + count, 0);
  }

  dispose(): void {
    this.changed.dispose();
  }
}
