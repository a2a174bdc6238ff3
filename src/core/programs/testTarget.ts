import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import type { RecordTarget } from '../perf/target.js';
import { buildTests, findProjects } from './projects.js';

/** Names that an error lists. */
const most = 10;

/**
 * Builds the one test of the folder's project whose name matches, with what a profile needs.
 * @param filter a regular expression
 * @throws LabError `program-missing` if none or several match, `not-supported`, BuildError
 */
export async function testTarget(
  folder: string,
  filter: string,
  context: TaskContext,
): Promise<RecordTarget> {
  const project = (await findProjects(folder)).find(({ system }) => system.tests !== undefined);
  if (!project) {
    throw new LabError('not-supported', `${folder} has no project whose tests can be listed.`, {
      detail: 'Looked for CMakeLists.txt, meson.build, and Cargo.toml.',
      remedy: { text: 'Profile the command that runs the test: hakmem-lab record -- COMMAND' },
    });
  }
  const tests = await buildTests(project, pattern(filter), context);
  const exact = tests.filter(({ name }) => name === filter);
  const [test, ...others] = exact.length === 1 ? exact : tests;
  if (!test || others.length > 0) {
    const names = tests.map(({ name }) => name);
    throw new LabError(
      'program-missing',
      test ? `${filter} matches ${names.length} tests.` : `No test of the project matches ${filter}.`,
      {
        detail: names.slice(0, most).join('\n'),
        remedy: { text: 'Specify one test, by its name or a regular expression.' },
      },
    );
  }
  const [program = '', ...args] = test.command;
  const { name, cwd, environment } = test;
  return { kind: 'program', name, program, args, cwd, environment };
}

function pattern(filter: string): RegExp {
  try {
    return new RegExp(filter);
  } catch (cause) {
    throw new LabError('command-line', `${filter} isn't a valid regular expression.`, {
      remedy: { text: 'Quote characters with a special meaning by a backslash.' },
      cause,
    });
  }
}
