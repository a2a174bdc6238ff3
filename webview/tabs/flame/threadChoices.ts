/** The threads to choose from, each with its share: which one works is what is looked for. */
import { percent } from '../../../src/text/numbers.js';
import type { PanelModel } from '../../store/panelModel.js';
import { texts } from './texts.js';

/** Those with most samples first; as recorded while the samples are still to come. */
export function threadChoices({ profile, data, shown }: Pick<PanelModel, 'profile' | 'data' | 'shown'>): {
  readonly value: string;
  readonly label: string;
}[] {
  const named = profile.threads.map(({ pid, tid }, i) => ({
    value: `${String(pid)}/${String(tid)}`,
    label: data.threadName(i),
  }));
  if (!data.hasSamples || named.length < 2) return named;
  const shares = shown.threadShares;
  return named
    .map(({ value, label }, i) => ({
      value,
      label: texts.threadWithShare(label, percent(shares[i] ?? 0)),
      i,
    }))
    .sort((a, b) => (shares[b.i] ?? 0) - (shares[a.i] ?? 0))
    .map(({ value, label }) => ({ value, label }));
}
