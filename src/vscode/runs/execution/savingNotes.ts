import * as vscode from 'vscode';
import type { Laboratory } from '../../../core/laboratory.js';
import { settings } from '../../shared/contributions.js';
import { inform } from '../../shared/messages.js';
import { openSettings } from '../../shared/settings.js';
import type { AttemptParts } from './attempts.js';

/** Says what saving a run did besides: moved old runs to the trash, or saved it elsewhere. */
export class SavingNotes {
  /** Where runs are saved that can't be saved beside their lab, as far as the user knows. */
  private readonly told = new Set<string>();

  constructor(private readonly parts: Pick<AttemptParts, 'reporter' | 'history'>) {}

  show(store: Laboratory['store']): void {
    const { movedTo, pruned } = store;
    if (pruned.length > 0) {
      const { reporter, history } = this.parts;
      const undo = async () => {
        for (const id of pruned) await store.restore(id);
        history.refresh();
      };
      void inform(
        vscode.l10n.t('Moved old runs to the trash, as the limits say ({0}).', pruned.length),
        { title: vscode.l10n.t('Undo'), run: reporter.guard(undo) },
        {
          title: vscode.l10n.t('Open Settings'),
          run: () => openSettings(settings.keepRuns),
        },
      );
    }
    if (movedTo === undefined || this.told.has(movedTo)) return;
    this.told.add(movedTo);
    void inform(vscode.l10n.t("The folder of the lab can't be written. Its runs are saved in {0}.", movedTo));
  }
}
