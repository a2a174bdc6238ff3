import path from 'node:path';
import type { TaskContext } from '../context.js';
import { exists } from '../files.js';
import type { BuildStep } from '../lab/labFile.js';
import { OwnFolder } from '../store/ownFolder.js';
import { STORE_FOLDER } from '../store/runStore.js';
import {
  projectPlace,
  type BuildSystemName,
  type BuildSystem,
  type BuildTarget,
  type ProjectPlace,
  type ProjectTest,
} from './buildSystem.js';
import { cargo } from './cargo.js';
import { cmake } from './cmake.js';
import { make } from './make.js';
import { meson } from './meson.js';

/** Make last: other build systems write a Makefile, too. */
const buildSystems: readonly BuildSystem[] = [cmake, meson, cargo, make];

export interface Project {
  readonly system: BuildSystem;
  readonly place: ProjectPlace;
}

/** A program of a project. */
export interface ProjectTarget {
  readonly project: Project;
  readonly target: BuildTarget;
}

/** The projects of a folder: what its files say it is built with. */
export async function findProjects(folder: string): Promise<Project[]> {
  const found: Project[] = [];
  for (const system of buildSystems) {
    for (const name of system.markers) {
      if (!(await exists(path.join(folder, name)))) continue;
      found.push({ system, place: projectPlace(folder, system.name) });
      break;
    }
  }
  return found;
}

/** What the project builds. It is configured, or built where nothing else tells. @throws BuildError, LabError */
export async function listTargets(project: Project, context: TaskContext): Promise<BuildTarget[]> {
  await prepare(project);
  return project.system.targets(project.place, context);
}

/** Builds a program for profiling. @returns the executable @throws BuildError, LabError */
export async function buildTarget(project: Project, target: string, context: TaskContext): Promise<string> {
  await prepare(project);
  return project.system.build(project.place, target, context);
}

/** Builds the tests whose names match. @throws BuildError, LabError */
export async function buildTests(
  project: Project,
  filter: RegExp,
  context: TaskContext,
): Promise<ProjectTest[]> {
  await prepare(project);
  return (await project.system.tests?.(project.place, filter, context)) ?? [];
}

/** What is built is in the folder of saved runs, which version control ignores. */
async function prepare({ place }: Project): Promise<void> {
  const own = new OwnFolder(path.join(place.folder, STORE_FOLDER));
  await own.make(...path.relative(own.root, place.buildFolder).split(path.sep));
  await own.writeNew('*\n', '.gitignore');
}

/**
 * The command that builds a program which `buildTarget` built, for a preset of it; undefined where that needs more than a
 * command. Paths are relative to the folder.
 */
export function buildStepOf(folder: string, program: string): BuildStep | undefined {
  const inside = (system: BuildSystemName) => {
    const file = path.relative(projectPlace(folder, system).buildFolder, program);
    return file.startsWith('..') || path.isAbsolute(file) ? undefined : file;
  };
  const relative = (system: BuildSystemName) =>
    path.relative(folder, projectPlace(folder, system).buildFolder);
  const [byCmake, byMeson] = [inside('cmake'), inside('meson')];
  if (byCmake !== undefined) {
    const target = path.basename(byCmake);
    return { command: 'cmake', args: ['--build', relative('cmake'), '--target', target] };
  }
  return byMeson === undefined ? undefined : { command: 'ninja', args: ['-C', relative('meson'), byMeson] };
}
