import type { Profile } from '../../model/profile.js';
import { addressCosts } from '../../views/addressCosts.js';
import { exists } from '../files.js';
import { hasSplitUnits } from '../symbols/dwarf/debugFiles.js';
import { NotReadable } from '../symbols/elfFile.js';
import { openModule } from '../symbols/modules.js';

/** A program or library of a profile, with the files that have its code and its debug information. */
export interface ProfiledProgram {
  readonly module: string;
  readonly buildId: string | undefined;
  /** By how their names end in an archive (`programEntry`). */
  readonly files: ReadonlyMap<string, string>;
  /** Why there are no files, or not all, as the end of a sentence. */
  readonly missingPart?: string;
}

/** Share of the samples below which nobody reads a library's machine code. */
const worth = 0.001;

/** Programs and libraries with at least a thousandth of the samples, hottest first. */
export async function programsOf(profile: Profile): Promise<ProfiledProgram[]> {
  const { addresses, strings } = profile;
  const costs = addressCosts(profile);
  if (!addresses || !costs) return [];
  const found = new Map<string, { module: string; buildId: string | undefined; weight: number }>();
  for (let a = 0; a < addresses.length; a++) {
    const [module, buildId] = [
      strings[addresses.module[a] as number],
      strings[addresses.buildId[a] as number],
    ];
    // The kernel and code that has no file.
    if (!module?.startsWith('/')) continue;
    const key = `${module}\0${buildId ?? ''}`;
    const entry = found.get(key) ?? { module, buildId, weight: 0 };
    entry.weight += costs.weight[a] as number;
    found.set(key, entry);
  }
  const enough = [...found.values()].filter(({ weight }) => weight >= costs.all * worth);
  enough.sort((a, b) => b.weight - a.weight);
  return Promise.all(enough.map(({ module, buildId }) => located(module, buildId)));
}

async function located(module: string, buildId: string | undefined): Promise<ProfiledProgram> {
  const files = new Map<string, string>();
  try {
    const { file, lines } = await openModule(module, buildId);
    files.set('', file);
    if (buildId === undefined) {
      const missingPart =
        'has no build ID, so nothing tells whether it has changed since it was recorded: link it with -Wl,--build-id';
      return { module, buildId, files, missingPart };
    }
    if (lines !== undefined && lines !== file) files.set('.debug', lines);
    let isPackaged = false;
    for (const [ending, split] of [...files].map(([ending, name]) => [ending, `${name}.dwp`] as const)) {
      if (!(await exists(split))) continue;
      files.set(`${ending}.dwp`, split);
      isPackaged = true;
    }
    if (isPackaged || lines === undefined || !(await hasSplitUnits(lines))) return { module, buildId, files };
    const missingPart =
      "has debug information in .dwo files, which aren't packed: without them, inlined functions have no names there. Make one file of them, FILE.dwp, with llvm-dwp or dwp";
    return { module, buildId, files, missingPart };
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    return { module, buildId, files, missingPart: error.message };
  }
}
