// The output of commands in the README: excerpts of what they really print.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../setup.mjs';

/** Tables that an excerpt has, by the title of their first column, and how many of their rows. */
const tables = { Allocator: 3, Function: 6, Category: 6 };
const columns = 100;

/** @param {string} output of `hakmem-lab profile` or `record` */
export function excerpt(output) {
  const blocks = output
    .trim()
    .split('\n\n')
    .flatMap((block) => {
      const [header, rule, ...rows] = block.split('\n');
      const limit = tables[header.split(' ')[0]];
      if (limit === undefined || !rule?.startsWith('─')) return [];
      const shown = rows.slice(0, limit).map(cut);
      return [[header, rule.slice(0, columns), ...shown, ...(rows.length > limit ? ['…'] : [])].join('\n')];
    });
  if (blocks.length === 0) throw new Error(`no table in the output:\n${output}`);
  return blocks.join('\n\n');
}

/** A long list of functions ends at one of its commas. @param {string} row */
function cut(row) {
  return row.length <= columns ? row : row.slice(0, columns - 1).replace(/,[^,]*$/, ', …');
}

/**
 * Writes outputs into the README, between `<!-- output: COMMAND -->` and `<!-- end -->`.
 * @param {Record<string, string>} outputs by the command as it is typed
 */
export async function writeOutputs(outputs) {
  const file = path.join(root, 'README.md');
  const before = await readFile(file, 'utf8');
  const marks = /(<!-- output: (.+) -->)[^]*?(<!-- end -->)/g;
  const after = before.replace(marks, (_, begin, line, end) => {
    if (outputs[line] === undefined)
      throw new Error(`README.md wants the output of "${line}", which was not run`);
    return `${begin}\n\n\`\`\`console\n$ ${line}\n${outputs[line]}\n\`\`\`\n\n${end}`;
  });
  await writeFile(file, after);
}
