import type { PageAction } from '../../wire/experimentPage.js';

/** What can be done on the page of an experiment. */
export const pageActions = {
  /** End measuring; what was measured counts. */
  stop: 'stop',
  /** Go on where it ended. */
  more: 'more',
  /** Show both sides' profiles as a differential flame graph. */
  difference: 'difference',
} as const;

export const stopAction: PageAction = { id: pageActions.stop, label: 'Stop and Keep', primary: true };

/** In the words of the editor. */
export const advice = {
  moreTime: 'measure more pairs',
  largerMargin: 'accept a larger difference in the settings of comparisons',
} as const;
