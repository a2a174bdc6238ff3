import type { KeepPolicy } from '../model/keepPolicy.js';
import { bytes, plural } from './numbers.js';

/** What happens to old runs, as a sentence; empty if all are kept. */
export function keepText({ runs, days, mebibytes }: KeepPolicy): string {
  const limits = [
    ...(runs === undefined ? [] : [plural(runs, 'run')]),
    ...(days === undefined ? [] : [plural(days, 'day')]),
    ...(mebibytes === undefined ? [] : [bytes(mebibytes * 2 ** 20)]),
  ];
  if (limits.length === 0) return '';
  return `Runs without a title or note that exceed ${limits.join(' or ')} go to the trash.`;
}
