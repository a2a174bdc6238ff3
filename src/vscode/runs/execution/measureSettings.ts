import type { ImportFileOptions } from '../../../core/import/importProfile.js';
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

/** How profiles of other tools are read. */
export function importSettings(): ImportFileOptions {
  return { ...inlineSetting(), memoryLimit: readSetting(settings.importMemoryLimit) * 2 ** 30 };
}

export function inlineSetting(): { readonly inline: boolean } {
  return { inline: readSetting(settings.profileInlineFrames) };
}
