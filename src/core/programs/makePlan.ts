import path from 'node:path';

const entering = /^\S*make(?:\[\d+\])?: (Entering|Leaving) directory '(.*)'$/;
/** A compiler that writes one file. Those that stop before linking, or link a library, write no program. */
const output = /(?:^|\s)-o\s*("[^"]+"|'[^']+'|[^\s;&|]+)/;
const noProgram = /(?:^|\s)-(?:c|S|E|shared|r|dynamiclib|M{1,2})(?=\s|$)/;

/**
 * The programs that `make --dry-run --print-directory` says it would link, relative to a folder. What a Makefile does
 * otherwise, by a script or by copying, isn't seen; neither is what is up to date.
 */
export function programsInPlan(plan: string, folder: string): string[] {
  const inside: string[] = [];
  const found = new Set<string>();
  for (const line of plan.replace(/\\\n/g, ' ').split('\n')) {
    const moved = entering.exec(line);
    if (moved) {
      if (moved[1] === 'Entering') inside.push(moved[2] ?? '');
      else inside.pop();
      continue;
    }
    const file = noProgram.test(line) ? undefined : output.exec(line)?.[1]?.replace(/^["']|["']$/g, '');
    if (file === undefined || /[$*`]|\.(?:o|a|so)(?:\.[\d.]+)?$/.test(file)) continue;
    const name = path.relative(folder, path.resolve(inside.at(-1) ?? folder, file));
    if (name !== '' && !name.startsWith('..')) found.add(name);
  }
  return [...found];
}
