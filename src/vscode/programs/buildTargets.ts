import path from 'node:path';
import * as vscode from 'vscode';
import type { TaskContext } from '../../core/context.js';
import {
  buildTarget,
  findProjects,
  listTargets,
  type Project,
  type ProjectTarget,
} from '../../core/programs/projects.js';
import { BuildError } from '../../core/build/build.js';
import { LabError } from '../../core/labError.js';
import { commandTarget } from '../../core/perf/target.js';
import type { BuildProblems } from '../runs/execution/buildProblems.js';
import type { Measurements, RecordRequest } from '../runs/execution/measurements.js';
import { cmakeToolsProject, type CMakeToolsProject } from './cmakeTools.js';
import type { Start } from './programLines.js';
import { pickProgram } from './programPicker.js';

/** Where it is said what a build says. */
export interface BuildReports {
  readonly problems: BuildProblems;
  readonly log: vscode.LogOutputChannel;
}

/** All programs of the projects in a folder. Configuring a project takes time: it shows, and can be canceled. */
export async function targetsOf(
  folder: string,
  title: string,
  { problems, log }: BuildReports,
): Promise<ProjectTarget[]> {
  const projects = await findProjects(folder);
  if (projects.length === 0) {
    throw new LabError('program-missing', vscode.l10n.t('{0} has no project that can be built.', folder), {
      detail: vscode.l10n.t('Looked for CMakeLists.txt, meson.build, Cargo.toml, Makefile, and configure.'),
      remedy: { text: vscode.l10n.t('Build the program yourself and profile its command.') },
    });
  }
  // A Makefile beside another build system is written by it, or a wrapper around it.
  const [first, ...others] = projects;
  const tried = [first, ...others.filter(({ system }) => system.name !== 'make')].filter(
    (one) => one !== undefined,
  );
  problems.clear(folder);
  for (const project of tried) {
    const found = await targetsOfProject(project, title, log).catch((error: unknown) => {
      if (error instanceof BuildError) problems.show(folder, error.diagnostics);
      throw error;
    });
    // A library may leave its programs to one of two build systems.
    if (found.length > 0) return found;
  }
  const systems = tried.map(({ system }) => system.title).join(', ');
  throw new LabError(
    'program-missing',
    vscode.l10n.t('The project of {0} builds no program with {1}.', folder, systems),
    { remedy: { text: vscode.l10n.t('Profile a command that uses it.') } },
  );
}

async function targetsOfProject(
  project: Project,
  title: string,
  log: vscode.LogOutputChannel,
): Promise<ProjectTarget[]> {
  const chosen: CMakeToolsProject =
    project.system.name === 'cmake'
      ? await cmakeToolsProject(project.place.folder, (line) => log.warn(line))
      : {};
  const like = chosen.buildFolder === undefined ? {} : { like: chosen.buildFolder };
  const whole = { ...project, place: { ...project.place, ...like } };
  const targets = await withProgress(title, log, (context) => listTargets(whole, context));
  const first = ({ target }: ProjectTarget) => (target.name === chosen.launchTarget ? 0 : 1);
  return targets.map((target) => ({ project: whole, target })).sort((a, b) => first(a) - first(b));
}

/** What to record: the program, built first and whenever it is profiled again. */
export function targetRequest(
  { project, target }: ProjectTarget,
  start: Start,
  name = target.name,
): RecordRequest {
  const { folder } = project.place;
  return {
    folder,
    name,
    target: async (context) => {
      const program = await buildTarget(project, target.name, context);
      return commandTarget({ ...start, program }, folder, name);
    },
  };
}

/** The command: from a folder to the lines of one of its programs. */
export async function profileTarget(
  folder: string,
  state: vscode.Memento,
  measurements: Measurements,
  reports: BuildReports,
): Promise<boolean> {
  const title = vscode.l10n.t('Profile a Build Target');
  const targets = await targetsOf(folder, title, reports);
  const answer = await pickProgram(title, targets, state);
  if (!answer) return false;
  const { chosen, start } = answer;
  const request = targetRequest(chosen, start, shortName(chosen, targets));
  return (await measurements.record(request)) !== undefined;
}

/** Make knows programs by paths, of which the file's name is enough where no other program has it. */
function shortName({ target }: ProjectTarget, targets: readonly ProjectTarget[]): string {
  const short = path.basename(target.name);
  const same = targets.filter((one) => path.basename(one.target.name) === short);
  return same.length === 1 ? short : target.name;
}

/** Programs that a source file is part of; all of them if none says so. */
export function targetsWith(file: string, targets: readonly ProjectTarget[]): readonly ProjectTarget[] {
  const own = targets.filter(({ target }) => target.sources.some((source) => path.resolve(source) === file));
  return own.length > 0 ? own : targets;
}

function withProgress<T>(
  title: string,
  log: vscode.LogOutputChannel,
  work: (context: TaskContext) => Promise<T>,
): Thenable<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return work({
        signal: controller.signal,
        progress: (message) => progress.report({ message }),
        log: (line) => log.info(`  ${line}`),
        problem: () => undefined,
      });
    },
  );
}
