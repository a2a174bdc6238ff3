import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import { checkExit, execute } from '../process/childProcess.js';
import { findCommand, missingTool } from '../process/tools.js';

/** How operands are written. Only x86 has both. */
export const syntaxes = ['intel', 'att'] as const;
export type Syntax = (typeof syntaxes)[number];

export interface Instruction {
  /** As the symbols of the file number it. */
  readonly address: number;
  readonly mnemonic: string;
  /** Operands, and what the disassembler says about them. */
  readonly operands: string;
}

/** Disassembles addresses from `start` up to `end`, without it. */
export type Disassembler = (
  file: string,
  range: { readonly start: number; readonly end: number },
  syntax: Syntax,
  context: Pick<TaskContext, 'signal'>,
) => Promise<Instruction[]>;

/** Instructions of one function: the largest ones of interpreters have a tenth of it. */
const maxInstructions = 500_000;

/**
 * Prefers GNU's objdump, which perf annotate runs.
 * @throws LabError `tool-missing`
 */
export async function findDisassembler(): Promise<Disassembler> {
  for (const name of ['objdump', 'llvm-objdump']) if (await findCommand(name)) return disassembler(name);
  throw missingTool('objdump');
}

/** @param tool `objdump` or `llvm-objdump`, whose options and output are alike */
export function disassembler(tool: string): Disassembler {
  return async (file, { start, end }, syntax, { signal }) => {
    const instructions: Instruction[] = [];
    const result = await execute(
      tool,
      [
        ...['--disassemble', '--no-show-raw-insn', '--demangle', '--wide', '-z'].filter(
          (option) => tool === 'objdump' || option !== '--wide',
        ),
        ...(await syntaxOptions(tool, file, syntax, signal)),
        `--start-address=0x${start.toString(16)}`,
        `--stop-address=0x${end.toString(16)}`,
        // An absolute path: it can't be taken for an option.
        file,
      ],
      {
        signal,
        env: { LC_ALL: 'C', DEBUGINFOD_URLS: '' },
        consumeStdout(line) {
          const instruction = parseInstruction(line);
          if (instruction && instructions.length < maxInstructions) instructions.push(instruction);
        },
      },
    );
    checkExit(result);
    if (instructions.length === 0) {
      throw new LabError('code-missing', `${tool} finds no instructions in ${file}.`, {
        detail: `${result.command}\n${result.stderr.trim()}`.trim(),
        remedy: {
          text: 'Check that the tool supports the processor that the program was built for (package binutils-multiarch or llvm).',
        },
      });
    }
    return instructions;
  };
}

/** Other processors than x86 have one syntax, and no option for it. */
async function syntaxOptions(
  tool: string,
  file: string,
  syntax: Syntax,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const { stdout } = await execute(tool, ['--file-headers', file], { signal, env: { LC_ALL: 'C' } });
  return /x86|i386/.test(stdout) ? ['-M', syntax] : [];
}

/**
 * Parses a line of a disassembly: `  401136:<tab>mov    %rsp,%rbp`. Other lines name sections and symbols.
 */
function parseInstruction(line: string): Instruction | undefined {
  const match = /^\s*([0-9a-f]+):\s+(\S.*)$/.exec(line);
  if (!match) return undefined;
  const [, address = '', text = ''] = match;
  // Prefixes belong to the mnemonic.
  const [, mnemonic = text, operands = ''] =
    /^((?:(?:lock|rep\w*|bnd|notrack|data16|cs|ds|es|fs|gs|ss|rex\S*)\s+)*\S+)\s*(.*)$/.exec(text) ?? [];
  return {
    address: parseInt(address, 16),
    mnemonic: mnemonic.replace(/\s+/g, ' '),
    operands: operands.replace(/\s+/g, ' ').trim(),
  };
}
