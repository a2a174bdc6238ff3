/** Tells the host what commands and the source depend on: the selected function, and whether a comparison is in front. */
import type { PanelModel } from '../store/panelModel.js';
import type { Host } from './host.js';

export class Told {
  private selection = '';
  private comparing: boolean | undefined;

  constructor(private readonly host: Pick<Host, 'post'>) {}

  /** Only what changed since the last time. */
  tell(
    model: Pick<PanelModel, 'hasProfile' | 'selectedFunction' | 'compared'> & {
      readonly profile: Pick<PanelModel['profile'], 'runId'>;
      readonly state: Pick<PanelModel['state'], 'tab'>;
    },
  ): void {
    if (!model.hasProfile) return;
    const { runId } = model.profile;
    const func = model.selectedFunction;
    const selection = `${runId} ${String(func)}`;
    if (selection !== this.selection) this.host.post({ type: 'selection', runId, func });
    this.selection = selection;
    const comparing = model.state.tab === 'compare' && model.compared.length > 0;
    if (comparing !== this.comparing) this.host.post({ type: 'comparing', comparing });
    this.comparing = comparing;
  }
}
