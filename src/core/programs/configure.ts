/** Projects whose Makefile a script writes first: `configure`, as autoconf makes it or as somebody wrote it. */
import path from 'node:path';
import { runBuild } from '../build/build.js';
import type { TaskContext } from '../context.js';
import { exists, readRegularText } from '../files.js';
import type { ProjectPlace } from './buildSystem.js';
import { copyOf } from './sourceCopy.js';

const makefiles = ['Makefile', 'makefile'];
/** Many a GNU project has it beside the Makefile that is written, and only to say that there is none yet. */
const gnuMakefile = 'GNUmakefile';
const template = 'Makefile.in';
const script = 'configure';
/** From these autoconf makes the script; only releases come with it. */
const scriptSources = ['configure.ac', 'configure.in'];

/** What tells that a folder is built with make. */
export const makeMarkers = [...makefiles, gnuMakefile, script, ...scriptSources];

/** Writes the Makefile of the copy, where none came with the sources. @throws BuildError, LabError `tool-missing` */
export async function configureCopy(
  place: ProjectPlace,
  environment: Record<string, string>,
  context: TaskContext,
): Promise<void> {
  const cwd = copyOf(place);
  const has = async (names: readonly string[]) =>
    (await Promise.all(names.map((name) => exists(path.join(cwd, name))))).includes(true);
  if (await has(makefiles)) return;
  if ((await has([gnuMakefile])) && !(await has([template]))) return;
  context.progress('Configuring for profiling…');
  const step = (command: string, args: readonly string[]) =>
    runBuild({ command, args, cwd, environment, name: path.basename(place.folder) }, context);
  if (!(await has([script])) && (await has(scriptSources))) await step('autoreconf', ['--install']);
  if (!(await has([script]))) return;
  const text = await readRegularText(path.join(cwd, script)).catch(() => '');
  // Programs of libtool are scripts around what is shared; scripts that nobody generated know no such option.
  await step(`./${script}`, /--enable-shared/.test(text) ? ['--disable-shared'] : []);
}
