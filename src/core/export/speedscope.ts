import { stackWeights } from '../profile/callTree.js';
import { EXPORTER } from '../import/speedscope.js';
import type { EventProfile } from '../profile/profile.js';
import { framesOf, functionName, text } from './names.js';

/**
 * speedscope's file format, one sampled profile. Its frames are functions with the place of their definition:
 * speedscope counts frames of different lines as different functions.
 */
export function exportSpeedscope(profile: EventProfile, name: string): string {
  const { functions, frames } = profile;
  const { self } = stackWeights(profile);
  const samples: number[][] = [];
  const weights: number[] = [];
  self.forEach((weight, stack) => {
    if (weight === 0) return;
    samples.push(framesOf(profile, stack).map((frame) => frames.func[frame] as number));
    weights.push(weight);
  });
  return JSON.stringify({
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: EXPORTER,
    name,
    activeProfileIndex: 0,
    shared: {
      frames: Array.from({ length: functions.length }, (_, f) => {
        const file = text(profile, functions.file[f]);
        const line = functions.line[f] as number;
        return { name: functionName(profile, f), ...(file ? { file, ...(line > 0 ? { line } : {}) } : {}) };
      }),
    },
    profiles: [
      {
        type: 'sampled',
        name: profile.event.name,
        unit: 'none',
        startValue: 0,
        endValue: weights.reduce((a, b) => a + b, 0),
        samples,
        weights,
      },
    ],
  });
}
