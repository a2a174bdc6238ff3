import { ExitStatus } from '../core/errorCodes.js';
import { reportHtml, reportMarkdown } from '../core/report/report.js';
import { gatherReport } from '../core/report/reportData.js';
import { openRuns } from './common.js';
import { type Common, type MakeCommand } from './output.js';
import { writeResult } from './progress.js';
import { writeOutput } from '../core/outputFile.js';

/** `report`: the whole analysis from saved runs. */
export function addReportCommand(plain: MakeCommand, signal: AbortSignal): void {
  plain('report', 'write the analysis of a profiled preset from saved runs and comparisons')
    .argument(
      '[runs...]',
      'the run to report on, and runs to set beside it (default: the newest profile, and all presets)',
    )
    .option('-o, --output <file>', 'write to a .md or .html file instead of Markdown to stdout')
    .action(async (runs: string[], options: Common & { readonly output?: string }, self) => {
      const { output } = options;
      if (output !== undefined && !/\.(md|html?)$/i.test(output))
        self.error('error: the output must be a .md or .html file', { exitCode: ExitStatus.MISUSE });
      const data = await gatherReport(await openRuns(options), runs, { signal });
      const text = /\.html?$/i.test(output ?? '') ? await reportHtml(data) : reportMarkdown(data);
      if (output === undefined) writeResult(text);
      else await writeOutput(output, text, signal);
    });
}
