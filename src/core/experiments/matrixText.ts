/** A matrix in words, the same in the terminal, on its page, and in reports. */
import type { DeadOption } from './matrixResult.js';
import { change } from './progressText.js';

/** A combination's speed against the fastest; the fastest itself is what the others are compared with. */
export function againstBest(ratio: number): string {
  return ratio === 1 ? '—' : change(ratio);
}

/** Where an option has no effect, and why. @param all how many combinations there are */
export function deadOptionText(
  { name, cells, reason, measured, instructionsDiffer }: DeadOption,
  all: number,
): string {
  const also = [
    ...(cells > 0 && measured ? ['none was measured under this workload'] : []),
    ...(typeof instructionsDiffer === 'number'
      ? ['it leaves the instructions of an operation as they are']
      : []),
  ].map((text) => `, and ${text}`);
  const where = cells > 0 ? ` has no effect in ${cells} of ${all} combinations` : '';
  return `${name}${where}: ${reason}${also.join('')}.`;
}
