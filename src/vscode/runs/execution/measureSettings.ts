import type { RecordOptions } from '../../../core/perf/options.js';
import { settings } from '../../shared/contributions.js';
import { readSetting } from '../../shared/settings.js';

/** How recordings are made, as the settings say. */
export function recordSettings(): RecordOptions {
  const frequency = readSetting(settings.profileFrequency);
  return {
    callGraph: readSetting(settings.profileCallGraph),
    events: readSetting(settings.profileEvents),
    scope: readSetting(settings.profileScope),
    ...(frequency > 0 ? { frequency } : {}),
  };
}

export function inlineSetting(): { readonly inline: boolean } {
  return { inline: readSetting(settings.profileInlineFrames) };
}
