import { errorText } from '../core/labError.js';
import type { RunDescription } from '../core/store/runDescription.js';
import { LATEST } from '../core/store/savedRuns.js';
import type { RunDocument } from '../model/run.js';
import { resultDetails } from '../text/benchTexts.js';
import { keepText } from '../text/keepText.js';
import { amountText } from '../text/eventTexts.js';
import { printable } from '../text/printable.js';
import { shellWord } from '../text/shellWord.js';
import { openRuns } from './common.js';
import { print, type Common, type MakeCommand } from './output.js';
import { clearProgress } from './progress.js';
import { table } from './tables.js';

/** Runs that are read side by side. */
const AT_ONCE = 64;

interface DescribedRun {
  readonly run: RunDocument;
  readonly description: RunDescription;
}

interface RunsCommand extends Common {
  readonly trash?: boolean;
  readonly restore?: string;
}

/** `runs`: what is saved. */
export function addRunsCommand(command: MakeCommand): void {
  command('runs', 'list saved runs, newest first')
    .option('--trash', 'list the discarded runs instead, which can be restored for 30 days')
    .option('--restore <run>', 'restore a discarded run, or the "latest" of them')
    .action(async (options: RunsCommand) => {
      const { store, lab } = await openRuns(options);
      if (options.restore !== undefined) {
        // Without any, the refusal is that of an unknown one.
        const [newest = LATEST] = options.restore === LATEST ? await store.listTrash() : [];
        const restored = options.restore === LATEST ? newest : options.restore;
        await store.restore(restored);
        print(options, { restored }, () => `Restored ${printable(restored)}.`);
        return;
      }
      if (options.trash) {
        const discarded = await store.listTrash();
        print(options, discarded, () =>
          table(
            ['Discarded run'],
            ['left'],
            discarded.map((id) => [printable(id)]),
          ),
        );
        return;
      }
      // Each stands alone: one that can't be read is named and set aside.
      const read = async (id: string): Promise<DescribedRun[]> => {
        try {
          const run = await store.load(id);
          return [{ run, description: options.json ? {} : await store.description(id) }];
        } catch (error) {
          clearProgress();
          process.stderr.write(`${errorText(error)}\n`);
          return [];
        }
      };
      const ids = await store.list();
      const found: DescribedRun[] = [];
      for (let i = 0; i < ids.length; i += AT_ONCE)
        found.push(...(await Promise.all(ids.slice(i, i + AT_ONCE).map(read))).flat());
      const runs = found.map(({ run }) => run);
      const kept = keepText(lab.definition.keep ?? {});
      print(options, runs, () =>
        [
          runsTable(found, new Set(lab.definition.presets.map((preset) => preset.name))),
          ...(kept === '' ? [] : ['', kept]),
        ].join('\n'),
      );
    });
}

/**
 * By what the editor tells runs apart: results, the arguments of recorded programs, names, and tags.
 * @param presets whose arguments the lab file says
 */
function runsTable(found: readonly DescribedRun[], presets: ReadonlySet<string>): string {
  return table(
    ['Run', 'Kind', 'Result', 'Program'],
    ['left', 'left', 'left', 'left'],
    found.map(({ run, description: { title, tags = [] } }) => {
      const { name, args } = run.preset;
      const recorded = presets.has(name) ? [] : args.map(shellWord);
      const words = [title ?? [name, ...recorded].join(' '), ...tags.map((tag) => `#${tag}`)];
      return [run.id, run.kind, resultOf(run), words.join(' ')];
    }),
  );
}

function resultOf(run: RunDocument): string {
  const [own] = run.results;
  return own ? resultDetails(own) : amountText(run) || '—';
}
