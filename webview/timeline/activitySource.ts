/** Bins the shown samples once, while the page is idle: never before its first frame. */
import type { FrameColors } from '../graph/colors.js';
import type { PanelModel } from '../store/panelModel.js';
import { Binning, stackSlots, stacksWith, type Activity } from './activity.js';

/** Samples between two checks of the clock: about a millisecond. */
const piece = 20_000;

export class ActivitySource {
  private key = '';
  private handle = 0;

  /** @param ready is called once for each set of samples, colors, and selection, asynchronously */
  constructor(private readonly ready: (activity: Activity) => void) {}

  /** Cheap if neither filters, colors, nor the selected function have changed; the time filter is ignored. */
  update(model: PanelModel, colors: FrameColors): void {
    const { filters, colors: colored, runId } = model.state;
    const key = JSON.stringify([runId, colored, { ...filters, time: null }, model.selectedFunction]);
    if (key === this.key) return;
    this.key = key;
    cancelIdleCallback(this.handle);
    this.handle = requestIdleCallback(() => {
      this.begin(model, colors);
    });
  }

  /** Another profile with the same name and filters follows. */
  forget(): void {
    this.key = '';
    cancelIdleCallback(this.handle);
  }

  private begin(model: PanelModel, { slots, slotOf }: FrameColors): void {
    const { profile, shape } = model.shown;
    const noSlot = slots.length - 1;
    const binning = new Binning({
      samples: profile.samples,
      mask: model.shown.maskAtAnyTime(),
      slotOfStack: stackSlots(profile, shape, (func) => (func < 0 ? noSlot : slotOf(func))),
      noSlot,
      slots: slots.length,
      selected: model.selectedFunction < 0 ? undefined : stacksWith(profile, model.selectedFunction),
    });
    const go = (deadline: IdleDeadline): void => {
      while (!binning.step(piece)) {
        if (deadline.timeRemaining() > 2) continue;
        this.handle = requestIdleCallback(go);
        return;
      }
      this.ready(binning.result);
    };
    this.handle = requestIdleCallback(go);
  }
}
