/** Tells the host which samples are shown, so that the source shows the same. */
import type { PanelModel } from '../store/panelModel.js';
import type { Host } from './host.js';

/** A range of time is dragged: the source follows when it rests. In milliseconds. */
const rest = 200;

export class Choices {
  private timer = 0;
  private told = '';

  constructor(private readonly host: Pick<Host, 'post'>) {}

  /** Whether not all samples of the first event are shown. */
  isRestricted({ shown }: Pick<PanelModel, 'shown'>): boolean {
    const { event, threads, time, categories, modules } = shown.choice;
    return event > 0 || threads !== null || time !== null || categories.length + modules.length > 0;
  }

  /** Unless it's the same as last time. */
  tell(model: PanelModel): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      if (!model.hasProfile) return;
      const { choice } = model.shown;
      const { runId } = model.profile;
      const key = JSON.stringify([runId, choice]);
      if (key === this.told) return;
      this.told = key;
      this.host.post({ type: 'chosen', runId, choice });
    }, rest);
  }
}
