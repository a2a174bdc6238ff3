import type { Profile } from '../../model/profile.js';
import { addressCosts } from '../../views/addressCosts.js';
import { exists } from '../files.js';
import { packageSplit } from '../symbols/dwarf/splitPackage.js';
import { NotReadable } from '../symbols/elfFile.js';
import { openModule } from '../symbols/modules.js';

/** A program or library of a profile, with the files that have its code and its debug information. */
export interface ProfiledProgram {
  readonly module: string;
  readonly buildId: string | undefined;
  /** By how their names end in an archive (`programEntry`). */
  readonly files: ReadonlyMap<string, ProgramFile>;
  /** Why there are no files, or not all, as the end of a sentence. */
  readonly missingPart?: string;
}

export interface ProgramFile {
  readonly name: string;
  /** Of a file that isn't there, but was made of others. */
  readonly content?: Buffer;
}

/** Share of the samples below which nobody reads a library's machine code. */
const worth = 0.001;

/** Programs and libraries with at least a thousandth of the samples, hottest first. */
export async function programsOf(profile: Profile): Promise<ProfiledProgram[]> {
  const { addresses, strings } = profile;
  const costs = addressCosts(profile);
  if (!addresses || !costs) return [];
  const found = new Map<string, RecordedModule>();
  for (let a = 0; a < addresses.length; a++) {
    const module = strings[addresses.module[a] as number];
    const buildId = strings[addresses.buildId[a] as number];
    // The kernel and code that has no file.
    if (!module?.startsWith('/')) continue;
    const key = `${module}\0${buildId ?? ''}`;
    const entry = found.get(key) ?? { module, buildId, weight: 0, addresses: [] };
    entry.weight += costs.weight[a] as number;
    if ((costs.weight[a] as number) > 0) entry.addresses.push(addresses.address[a] as number);
    found.set(key, entry);
  }
  const enough = [...found.values()].filter(({ weight }) => weight >= costs.all * worth);
  enough.sort((a, b) => b.weight - a.weight);
  return Promise.all(enough.map(located));
}

interface RecordedModule {
  readonly module: string;
  readonly buildId: string | undefined;
  weight: number;
  /** As its symbols have them. */
  readonly addresses: number[];
}

async function located({ module, buildId, addresses }: RecordedModule): Promise<ProfiledProgram> {
  const files = new Map<string, ProgramFile>();
  try {
    const { file, lines } = await openModule(module, buildId);
    files.set('', { name: file });
    if (buildId === undefined) {
      const missingPart =
        'has no build ID, so nothing tells whether it has changed since it was recorded: link it with -Wl,--build-id';
      return { module, buildId, files, missingPart };
    }
    if (lines !== undefined && lines !== file) files.set('.debug', { name: lines });
    for (const [ending, { name }] of [...files])
      if (await exists(`${name}.dwp`)) files.set(`${ending}.dwp`, { name: `${name}.dwp` });
    if (lines === undefined || [...files.keys()].some((ending) => ending.endsWith('.dwp')))
      return { module, buildId, files };
    const split = await packageSplit(lines, addresses);
    if (split?.data)
      files.set(`${lines === file ? '' : '.debug'}.dwp`, { name: `${lines}.dwp`, content: split.data });
    if (!split || split.missing === 0) return { module, buildId, files };
    const missingPart = `refers to .dwo files that aren't there or have changed: ${split.missing} of those with samples. Without them, inlined functions have no names there. Build it again and record it before you pack the run`;
    return { module, buildId, files, missingPart };
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    return { module, buildId, files, missingPart: error.message };
  }
}
