import type { TaskContext } from '../context.js';
import { ProfileBuilder } from '../../model/builder.js';
import type { Profile } from '../../model/profile.js';
import { demangleAll } from '../symbols/demangle.js';

/**
 * The profile with its functions' names as they are read, where the file has them as compilers encode them. Functions
 * that have one name then (C++ encodes a constructor twice) are one, as in a recording that is read here.
 */
export async function withReadableNames(
  profile: Profile,
  context: Pick<TaskContext, 'signal'>,
): Promise<Profile> {
  const { functions, frames, stacks, samples, strings } = profile;
  const notes = new Set<string>();
  const nameOf = (index: number | undefined) => strings[index ?? -1] ?? '';
  const names = new Set(Array.from(functions.name, nameOf));
  const read = await demangleAll(names, context, notes);
  const all = [...profile.notes, ...notes];
  if (!Array.from(names).some((name) => read(name) !== name))
    return notes.size === 0 ? profile : { ...profile, notes: all };

  const builder = new ProfileBuilder();
  const func = Array.from(functions.name, (name, f) =>
    builder.func({
      name: read(nameOf(name)),
      module: nameOf(functions.module[f]),
      file: nameOf(functions.file[f]),
      line: functions.line[f] as number,
    }),
  );
  const frame = Array.from(frames.func, (f, i) =>
    builder.frame(
      func[f] as number,
      nameOf(frames.file[i]),
      frames.line[i] as number,
      frames.inlined[i] === 1,
    ),
  );
  // Parents come first, so that theirs are known.
  const stack = new Int32Array(stacks.length);
  stacks.parent.forEach((parent, s) => {
    stack[s] = builder.stack(
      parent < 0 ? -1 : (stack[parent] as number),
      frame[stacks.frame[s] as number] as number,
    );
  });
  builder.adopt({ ...samples, stack: samples.stack.map((s) => (s < 0 ? -1 : (stack[s] as number))) });
  const [first, ...others] = profile.events;
  return first ? { ...builder.finish([first, ...others], all), threads: profile.threads } : profile;
}
