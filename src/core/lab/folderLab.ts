import path from 'node:path';
import { LAB_FILE_NAME } from './findLabFile.js';
import { LAB_FORMAT_VERSION } from './labFile.js';
import type { LoadedLab } from './loadLab.js';

/** A lab without presets for a folder without a lab file: recordings of any program are saved in it. */
export function folderLab(folder: string): LoadedLab {
  const absolute = path.resolve(folder);
  return {
    folder: absolute,
    file: path.join(absolute, LAB_FILE_NAME),
    definition: {
      formatVersion: LAB_FORMAT_VERSION,
      name: path.basename(absolute) || absolute,
      sourceRoots: ['.'],
      presets: [],
      categories: [],
      whatIf: [],
      criteria: [],
      matrix: [],
    },
  };
}
