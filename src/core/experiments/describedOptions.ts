import * as z from '../zod.js';
import type { TaskContext } from '../context.js';
import { isCanceled } from '../labError.js';
import { resolveProgram } from '../bench/subject.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { execute } from '../process/childProcess.js';

const described = z.object({
  effectiveOptions: z._default(
    z.array(z.object({ name: z.string(), value: z.string(), effect: z.string() })),
    [],
  ),
  routes: z._default(z.array(z.object({ class: z.string(), box: z.string(), reason: z.string() })), []),
});

/** What the program itself says about its options under an environment. */
export type DescribedOptions = z.infer<typeof described>;

/** What a program that only describes itself gets. */
const answerSeconds = 15;

/** Null if the lab file names no program that says it, or the program doesn't. */
export async function describeOptions(
  lab: LoadedLab,
  environment: Readonly<Record<string, string>>,
  { signal }: Pick<TaskContext, 'signal'>,
): Promise<DescribedOptions | null> {
  const { describe } = lab.definition;
  if (!describe) return null;
  try {
    const program = await resolveProgram(lab, describe.program);
    const { stdout } = await execute(program, describe.args, {
      cwd: lab.folder,
      env: environment,
      signal,
      limitSeconds: answerSeconds,
    });
    return described.parse(JSON.parse(stdout));
  } catch (error) {
    if (isCanceled(error)) throw error;
    return null;
  }
}

/** Why an option has no effect in this environment; undefined if it has one, or nothing is said about it. */
export function reasonWithoutEffect(options: DescribedOptions | null, name: string): string | undefined {
  const effect = options?.effectiveOptions.find((option) => option.name === name)?.effect;
  return effect?.startsWith('none') ? effect.replace(/^none:?\s*/, '') : undefined;
}
