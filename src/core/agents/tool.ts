import * as z from '../zod.js';
import { printable } from '../../text/printable.js';
import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import type { Laboratory } from '../laboratory.js';

/**
 * Something that an agent may ask. Answers are text of bounded length, with units and intervals, and say what wasn't
 * measured.
 */
export interface AgentTool {
  readonly name: string;
  readonly description: string;
  readonly input: Readonly<Record<string, z.ZodMiniType>>;
  /** What it does in the editor's terms, if it runs programs: such a tool is offered only if that was allowed. */
  readonly executes: Execution | undefined;
  /** Whether it starts tools of the system, such as a disassembler, on the programs of a run. */
  readonly startsTools: boolean;
  /** Presets whose programs it starts, all of the lab if empty. Asked only if it executes. @throws LabError */
  presets(input: Record<string, unknown>): readonly string[];
  /** @throws LabError */
  answer(laboratory: Laboratory, input: Record<string, unknown>, context: TaskContext): Promise<string>;
}

/** What a window calls it while it is under way. */
export interface Execution {
  readonly kind: 'profile' | 'compare' | 'gate';
}

/** Longer answers are cut, and say so. */
const maxCharacters = 12_000;
const maxRows = 50;

export const run = z
  .optional(z.string())
  .check(z.describe('ID of a run, or latest: the newest one with a profile (the default)'));
export const limit = z
  ._default(z.int().check(z.minimum(1), z.maximum(maxRows)), 15)
  .check(z.describe('How many rows at most'));

/** Checks the input against the tool's schema. */
export function define<S extends Record<string, z.ZodMiniType>>(
  name: string,
  description: string,
  input: S,
  answer: (
    laboratory: Laboratory,
    input: z.infer<z.ZodMiniObject<S>>,
    context: TaskContext,
  ) => Promise<readonly string[]>,
  starts?:
    'tools' | (Execution & { readonly presets: (input: z.infer<z.ZodMiniObject<S>>) => readonly string[] }),
): AgentTool {
  const executes = starts === 'tools' ? undefined : starts;
  const checked = (given: unknown) => {
    const parsed = z.object(input).safeParse(given);
    if (parsed.success) return parsed.data;
    throw new LabError('input-invalid', `The input of ${name} isn't valid.`, {
      detail: z.prettifyError(parsed.error),
      remedy: { text: 'Call the tool with an input that fits its description.' },
      cause: parsed.error,
    });
  };
  return {
    name,
    description,
    input,
    executes,
    startsTools: starts === 'tools',
    presets: (given) => executes?.presets(checked(given)) ?? [],
    async answer(laboratory, given, context) {
      const lines = await answer(laboratory, checked(given), context);
      // Names come from programs: one of them is never more than a part of a line.
      const text = lines.map(printable).join('\n');
      return text.length <= maxCharacters
        ? text
        : `${text.slice(0, maxCharacters)}\n(Cut: ask for fewer rows.)`;
    },
  };
}
