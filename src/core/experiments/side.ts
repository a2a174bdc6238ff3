import type { RunEnvironment, RunPreset } from '../../model/run.js';
import type { TaskContext } from '../context.js';
import type { Subject } from '../bench/subject.js';
import type { Preset } from '../lab/labFile.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { describeEnvironment } from '../store/runEnvironment.js';

/** One of the things that are compared, ready to be run. */
export interface Side {
  /** As the user named it. */
  readonly label: string;
  readonly lab: LoadedLab;
  readonly preset: Preset;
  readonly subject: Subject;
}

/** What was measured, as it is saved. */
export interface SideDocument {
  readonly label: string;
  readonly preset: RunPreset;
  readonly environment: RunEnvironment;
}

export async function documentOf(
  { label, lab, preset, subject }: Side,
  context: Pick<TaskContext, 'signal'>,
): Promise<SideDocument> {
  return {
    label,
    preset: {
      name: preset.name,
      description: preset.description,
      environment: subject.environment,
      program: subject.program,
      args: subject.args,
    },
    environment: await describeEnvironment(lab.definition, subject, lab.folder, context),
  };
}
