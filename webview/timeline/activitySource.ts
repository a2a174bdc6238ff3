/** Bins the samples of the shown set once, while the page has nothing else to do: never before its first frame. */
import type { FrameColours } from '../graph/colors.js';
import type { PanelModel } from '../store/panelModel.js';
import { Binning, stackSlots, type Activity } from './activity.js';

/** Samples between two looks at the clock: about a millisecond. */
const piece = 20_000;

export class ActivitySource {
  private key = '';
  private handle = 0;

  /** @param ready is called once for each set of samples and colours, not at once */
  constructor(private readonly ready: (activity: Activity) => void) {}

  /** Cheap when neither filters nor colours have changed; the filter of time does not count. */
  update(model: PanelModel, colours: FrameColours): void {
    const { filters, colourBy, runId } = model.state;
    const key = JSON.stringify([runId, colourBy, { ...filters, time: null }]);
    if (key === this.key) return;
    this.key = key;
    cancelIdleCallback(this.handle);
    this.handle = requestIdleCallback(() => {
      this.begin(model, colours);
    });
  }

  /** Another profile under the same name and filters. */
  forget(): void {
    this.key = '';
    cancelIdleCallback(this.handle);
  }

  private begin(model: PanelModel, { slots, slotOf }: FrameColours): void {
    const { profile, shape } = model;
    const noSlot = slots.length - 1;
    const binning = new Binning({
      samples: profile.samples,
      mask: model.maskAtAnyTime(),
      slotOfStack: stackSlots(profile, shape, (func) => (func < 0 ? noSlot : slotOf(func))),
      noSlot,
      slots: slots.length,
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
