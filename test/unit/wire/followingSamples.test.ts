import { describe, expect, it } from 'vitest';
import { followingSamples, withoutSamples, worthSplitting } from '../../../src/wire/followingSamples.js';
import { packSamples } from '../../../src/wire/packedSamples.js';
import { ProfileData } from '../../../webview/store/profileData.js';
import { fold, panelProfile } from '../webview/profile.js';

const profile = panelProfile(fold('main;f 10', 'main;g;f 30', 'main 40'));
const sent = { ...profile, samples: packSamples(profile.samples) };

describe('a profile whose samples follow', () => {
  it('has its call tree and names at once, and everything afterwards', () => {
    const first = new ProfileData(withoutSamples(sent));
    const whole = new ProfileData(sent);
    expect(first.hasSamples).toBe(false);
    expect(first.wholeTree).toEqual({ ...whole.wholeTree, nodeOf: new Int32Array(0) });
    expect(first.fullName(0)).toBe(whole.fullName(0));
    const completed = first.completed(followingSamples(sent));
    expect(completed.hasSamples).toBe(true);
    expect(completed.wholeTree).toEqual(whole.wholeTree);
    expect(completed.profile).toEqual(whole.profile);
    expect(completed.strings).toBe(first.strings);
  });

  it('is a large one', () => {
    const stacks = { ...sent.stacks, length: 1000 };
    expect(worthSplitting({ stacks, samples: { ...sent.samples, length: 1000 } })).toBe(false);
    expect(worthSplitting({ stacks, samples: { ...sent.samples, length: 1_000_000 } })).toBe(true);
  });
});
