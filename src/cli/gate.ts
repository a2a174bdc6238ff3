import path from 'node:path';
import { Option } from 'commander';
import { formatGate, gateFormats, type GateFormat } from '../core/experiments/gateFormats.js';
import { recordGate, runGate } from '../core/experiments/gate.js';
import { GATE_FILE_NAME, loadGateFile } from '../core/experiments/gateFile.js';
import { digits3 } from '../text/numbers.js';
import { openLab } from './common.js';
import { terminalContext, type Common, type MakeCommand } from './output.js';
import { writeResult } from './progress.js';
import { placeOf } from '../core/experiments/place.js';
import { exitStatusOf } from './experiments.js';
import { gateTable } from './experimentTables.js';
import { writeOutput } from '../core/outputFile.js';
import { wholeNumber } from './options.js';
import { table } from './tables.js';

interface GateCommand extends Common {
  readonly baseline?: string;
  readonly format?: GateFormat;
  readonly output?: string;
  readonly record?: boolean;
  readonly seed?: number;
}

/** `gate`: for continuous integration. */
export function addGateCommand(command: MakeCommand, signal: AbortSignal): void {
  command('gate', 'fail if a preset has become slower than its baseline')
    .option('--baseline <file>', `file with the checks (default: ${GATE_FILE_NAME} beside the lab file)`)
    .addOption(new Option('--format <format>', 'format of the result').choices(gateFormats))
    .option('-o, --output <file>', 'write the result to a file too')
    .option('--record', 'count the instructions of all checks and write them to the file')
    .option('--seed <n>', 'of the random order (default: random)', wholeNumber)
    .action(async (options: GateCommand) => {
      const laboratory = await openLab(options);
      const context = terminalContext(signal);
      const name = path.resolve(options.baseline ?? path.join(laboratory.lab.folder, GATE_FILE_NAME));
      const file = await loadGateFile(name);
      const place = placeOf(laboratory);
      if (options.record) {
        const { checks } = await recordGate(place, name, file, context);
        const rows = checks.map((check) => [check.name, digits3(check.instructions?.perOp ?? 0)]);
        writeResult(`${table(['Check', 'Instructions/op'], ['left', 'right'], rows)}\n`);
        return;
      }
      const result = await runGate(place, file, options.seed, context);
      process.exitCode = exitStatusOf(result.verdict);
      const format = options.format ?? (options.json ? 'json' : undefined);
      const text = format ? formatGate(result, format) : `${gateTable(result)}\n`;
      if (options.output !== undefined)
        await writeOutput(options.output, formatGate(result, format ?? 'markdown'), signal);
      writeResult(options.output !== undefined && format ? `${gateTable(result)}\n` : text);
    });
}
