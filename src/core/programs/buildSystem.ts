import path from 'node:path';
import { STORE_FOLDER } from '../store/runStore.js';
import type { TaskContext } from '../context.js';

export const buildSystemNames = ['cmake', 'meson', 'cargo', 'make'] as const;
export type BuildSystemName = (typeof buildSystemNames)[number];

/** A program that a project builds. */
export interface BuildTarget {
  readonly name: string;
  /** Absolute paths, where the build system tells them: by them a source file finds its program. */
  readonly sources: readonly string[];
}

/** How a test is run, as the build system says. */
export interface ProjectTest {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A project folder, and a folder of its own for what is built for profiling: the user's build stays as it is. */
export interface ProjectPlace {
  readonly folder: string;
  readonly buildFolder: string;
  /** The folder that the user builds in, where something tells: it is configured alike, and left as it is. */
  readonly like?: string;
}

/** One build system, with debug information and frame pointers switched on. */
export interface BuildSystem {
  readonly name: BuildSystemName;
  /** As it calls itself. */
  readonly title: string;
  /** Files by any of which a project of this kind is recognized. */
  readonly markers: readonly string[];
  /** Flags that a build of the user's own needs, for a message. */
  readonly advice: string;
  /** @throws BuildError, LabError `tool-missing` */
  targets(place: ProjectPlace, context: TaskContext): Promise<BuildTarget[]>;
  /** Builds one program. @returns the executable */
  build(place: ProjectPlace, target: string, context: TaskContext): Promise<string>;
  /** Builds the tests whose names match and lists them. */
  tests?(place: ProjectPlace, filter: RegExp, context: TaskContext): Promise<ProjectTest[]>;
}

export function projectPlace(folder: string, system: BuildSystemName): ProjectPlace {
  return { folder, buildFolder: path.join(folder, STORE_FOLDER, 'build', system) };
}
