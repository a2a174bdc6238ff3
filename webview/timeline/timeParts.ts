/** The time in the flame graph's tab: the timeline where a range is selected, and the axis of the time order. */
import type { FrameTree } from '../../src/views/frameTree.js';
import { TimeOrder } from '../../src/views/timeOrder.js';
import type { FrameColors } from '../graph/colors.js';
import type { Range } from '../graph/layout.js';
import type { PanelModel } from '../store/panelModel.js';
import type { Theme } from '../ui/theme.js';
import { hasTimes } from './activity.js';
import { ActivitySource } from './activitySource.js';
import { AxisStrip } from './axisStrip.js';
import type { TimeFilter } from './brush.js';
import { Timeline } from './timeline.js';

/** Keyed by table of samples. Times are unpacked when first read, which must not delay the first frame. */
const timed = new WeakMap<object, boolean>();

/** Whether samples have times: callgrind counts and folded stacks do not. True until `lookForTimes` was called. */
export function timeIsKnown({ shown: { profile, eventDescription } }: PanelModel): boolean {
  return eventDescription?.exact !== true && (timed.get(profile.samples) ?? true);
}

/** O(samples) once for each profile. */
export function lookForTimes({ data, profile }: PanelModel): void {
  const { samples } = profile;
  if (data.hasSamples && !timed.has(samples)) timed.set(samples, hasTimes(samples));
}

export function timelineIsShown({ state }: PanelModel): boolean {
  return state.timeline === 'shown' || (state.timeline === 'auto' && state.view === 'time');
}

export class TimeParts {
  readonly timeline: Timeline;
  readonly axis = new AxisStrip();
  private readonly source: ActivitySource;
  private colors: FrameColors | undefined;
  private order: TimeOrder | undefined;

  constructor(
    private readonly model: PanelModel,
    announce: (text: string) => void,
  ) {
    this.timeline = new Timeline({
      chosen: (filter) => {
        this.choose(filter);
      },
      announce,
    });
    this.source = new ActivitySource((activity) => {
      const func = model.selectedFunction;
      this.timeline.fill(activity, this.colors?.slots ?? [], func < 0 ? '' : model.functionName(func));
    });
  }

  /** @param another whether another profile is shown */
  update(tree: FrameTree, theme: Theme, colors: FrameColors, another: boolean): void {
    const { model } = this;
    if (tree instanceof TimeOrder || timelineIsShown(model)) lookForTimes(model);
    this.colors = colors;
    this.order = tree instanceof TimeOrder && timeIsKnown(model) ? tree : undefined;
    this.axis.setTheme(this.order, theme);
    if (another) this.source.forget();
    const shown = timelineIsShown(model) && timeIsKnown(model);
    this.timeline.element.hidden = !shown;
    if (!shown) return;
    this.followSelection();
    this.timeline.show(theme, model.state.filters.time);
  }

  /** Another function is selected. */
  followSelection(): void {
    const { model, colors } = this;
    if (this.timeline.element.hidden || colors === undefined || !model.data.hasSamples) return;
    this.source.update(model, colors);
  }

  /** The graph now shows this part of its axis. */
  laidOut(range: Range, width: number): void {
    const { order } = this;
    if (order === undefined) {
      this.timeline.showSeen(undefined);
      return;
    }
    this.axis.show(order, range, width);
    // Rows of several threads show several time ranges at once.
    const [only] = order.stretches;
    const empty = only === undefined || only.end === only.first;
    const single = order.stretches.length === 1 && !empty && range.to > range.from;
    const at = (weight: number): number => order.timeAt(order.positionOf(weight));
    this.timeline.showSeen(single ? { from: at(range.from), to: at(range.to) } : undefined);
  }

  private choose(filter: TimeFilter): void {
    const { model } = this;
    // A zoom in one time order means nothing in another.
    if (model.state.view === 'time') model.remember({ zoom: { path: [], from: 0, to: 1 } });
    model.filter({ time: filter });
  }
}
