/** What kinds of runs there are, and what each is called while it goes on. */
import * as vscode from 'vscode';

export type RunKind = 'run' | 'profile' | 'count' | 'record' | 'open' | 'compare' | 'matrix' | 'gate';

/** `Profiling LEGACY`. @param name of the preset, program or file */
export function runTitle(kind: RunKind, name: string): string {
  switch (kind) {
    case 'run':
      return vscode.l10n.t('Running {0}', name);
    case 'profile':
      return vscode.l10n.t('Profiling {0}', name);
    case 'count':
      return vscode.l10n.t('Counting instructions of {0}', name);
    case 'record':
      return vscode.l10n.t('Recording {0}', name);
    case 'open':
      return vscode.l10n.t('Opening {0}', name);
    case 'compare':
      return vscode.l10n.t('Comparing the speed of {0}', name);
    case 'matrix':
      return vscode.l10n.t('Measuring a matrix of {0}', name);
    case 'gate':
      return vscode.l10n.t('Running the gate');
  }
}

/** As the subject of a sentence. */
export function activity(kind: RunKind): string {
  switch (kind) {
    case 'run':
      return vscode.l10n.t('Running a preset');
    case 'profile':
      return vscode.l10n.t('Profiling a preset');
    case 'count':
      return vscode.l10n.t('Counting instructions');
    case 'record':
      return vscode.l10n.t('Profiling a command');
    case 'open':
      return vscode.l10n.t('Opening a profile');
    case 'compare':
      return vscode.l10n.t('Comparing speeds');
    case 'matrix':
      return vscode.l10n.t('Measuring a matrix');
    case 'gate':
      return vscode.l10n.t('Running the gate');
  }
}
