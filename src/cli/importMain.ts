import { builtinCategories } from '../core/categories/categories.js';
import { Classifier } from '../core/categories/classifier.js';
import { currentFolder } from '../core/files.js';
import { importProfile } from '../core/import/importProfile.js';
import { findLabFile } from '../core/lab/findLabFile.js';
import { baseProgram } from './baseProgram.js';
import { addImportCommand } from './importCommand.js';
import { start } from './start.js';

/**
 * `import` where there is no lab: what reads a profile and prints it, without the rest of the program, which takes longer to
 * load than a small profile to read.
 */
async function main(): Promise<void> {
  if (await needsLab()) await import('./main.js');
  else
    start((signal) => {
      const { program, plain } = baseProgram();
      addImportCommand(plain, signal, {
        classifier: () => Promise.resolve(new Classifier(builtinCategories, { byOrigin: true })),
        read: importProfile,
        save: () => Promise.reject(new Error('saving needs a lab')),
      });
      return program;
    });
}

/** Also where an argument only looks like one of these options. */
async function needsLab(): Promise<boolean> {
  // An archive of a run is unpacked by what saves runs.
  if (process.argv.some((argument) => /^--(save|lab)|\.hakmem-lab\.tgz$/.test(argument))) return true;
  const folder = currentFolder();
  // One that can't be used is reported by the whole program.
  return folder !== undefined && (await findLabFile(folder).catch(() => '')) !== undefined;
}

void main();
