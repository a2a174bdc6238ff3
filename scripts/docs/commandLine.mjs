// The reference of the command line, from the definitions by which it is parsed.
import { importSource } from './source.mjs';
import { code, table } from './markdown.mjs';

/** @returns {Promise<string>} Markdown: a section for each command */
export async function commandLineReference() {
  const { createProgram } = await importSource('src/cli/program.ts');
  const program = createProgram(new AbortController().signal, '');
  return program.commands.map((command) => section(program, command)).join('\n\n');
}

/** @param {import('commander').Command} program @param {import('commander').Command} command */
function section(program, command) {
  const usage = `${program.name()} ${command.name()} ${command.usage()}`;
  const help = command.createHelp();
  const options = help.visibleOptions(command).filter((option) => option.long !== '--help');
  const parts = [
    `### ${command.name()}`,
    sentence(help.commandDescription(command)),
    `\`\`\`text\n${usage.replace(/\n\s+/g, '\n')}\n\`\`\``,
  ];
  const positional = help.visibleArguments(command);
  if (positional.length > 0)
    parts.push(
      table(
        ['Argument', 'Meaning'],
        positional.map((a) => [code(a.name()), sentence(a.description)]),
      ),
    );
  if (options.length > 0)
    parts.push(
      table(
        ['Option', 'Meaning'],
        options.map((o) => [code(o.flags), meaning(o)]),
      ),
    );
  return parts.join('\n\n');
}

/** @param {import('commander').Option} option */
function meaning({ description, argChoices, defaultValue, defaultValueDescription, mandatory, negate }) {
  const text = sentence(description);
  const choices = argChoices ? ` One of ${argChoices.map(code).join(', ')}.` : '';
  const required = mandatory ? ' Required.' : '';
  const plain = ['string', 'number'].includes(typeof defaultValue) && !negate;
  const initially = plain ? ` Default: ${code(defaultValueDescription ?? String(defaultValue))}.` : '';
  return text + choices + required + initially;
}

/** @param {string} text as in the help: without capital and full stop */
function sentence(text) {
  const [first = ''] = text;
  return first.toUpperCase() + text.slice(1) + (text.endsWith('.') ? '' : '.');
}
