import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readRegularText } from '../files.js';
import { LabError, messageOf } from '../labError.js';
import { OwnFolder } from '../store/ownFolder.js';
import { isOwn, sealed, type Sealed } from '../store/seal.js';
import { EXPERIMENTS, newRunId, type RunStore } from '../store/runStore.js';

const PLAN = 'plan.json';
const RECORDS = 'records.jsonl';
const RESULT = 'result.json';

/**
 * An experiment on disk: `experiments/ID/plan.json`, one line of `records.jsonl` for each finished block of measurements,
 * and in the end `result.json`. Each record reaches the disk before the next measurement begins, so that whatever ends
 * the process loses at most the block in progress.
 */
export class ExperimentLog<Plan, Measured> {
  readonly id: string;
  readonly plan: Plan;
  readonly records: Measured[];
  private readonly own: OwnFolder;

  private constructor(own: OwnFolder, id: string, plan: Plan, records: Measured[]) {
    this.own = own;
    this.id = id;
    this.plan = plan;
    this.records = records;
  }

  /** @throws LabError `write-failed` */
  static async create<P extends object, M>(
    store: RunStore,
    name: string,
    plan: P,
  ): Promise<ExperimentLog<P, M>> {
    await store.prepare();
    const own = new OwnFolder(store.folder);
    const id = newRunId(name, new Date());
    await writing(id, async () => {
      await own.make(EXPERIMENTS, id);
      await own.write(`${JSON.stringify(await sealed(plan), null, 2)}\n`, EXPERIMENTS, id, PLAN);
    });
    return new ExperimentLog<P, M>(own, id, plan, []);
  }

  /**
   * An experiment to continue. A line that was cut off by the end of the process is removed.
   * @param kind of its plan
   * @param id `latest` for the newest one of the kind
   * @throws LabError `experiment-unknown`, also for one that somebody else began, `read-failed`
   */
  static async open<P extends { readonly kind: string }, M>(
    store: RunStore,
    kind: P['kind'],
    id: string,
  ): Promise<ExperimentLog<P, M>> {
    const own = new OwnFolder(store.folder);
    const ids = (await readdir(folderOf(store)).catch(() => [])).sort().reverse();
    for (const known of id === 'latest' ? ids : ids.filter((one) => one === id)) {
      const saved = await readJson<Sealed<P>>(path.join(folderOf(store), known, PLAN));
      if (saved?.kind !== kind) continue;
      // A plan names programs: whoever sends a repository would choose what is started.
      if (!(await isOwn(saved))) throw foreign(known);
      const { seal: _, ...plan } = saved;
      return new ExperimentLog<P, M>(own, known, plan as unknown as P, await readRecords<M>(own, known));
    }
    throw new LabError('experiment-unknown', `There is no ${kind} to continue with the ID ${id}.`, {
      detail: `Looked in ${folderOf(store)}.`,
      remedy: { text: `Start a new ${kind}.` },
    });
  }

  /** @throws LabError `write-failed` */
  async append(record: Measured): Promise<void> {
    await writing(this.id, () =>
      this.own.append(`${JSON.stringify(record)}\n`, EXPERIMENTS, this.id, RECORDS),
    );
    this.records.push(record);
  }

  /** @throws LabError `write-failed` */
  finish(result: unknown): Promise<void> {
    return writing(this.id, () =>
      this.own.write(`${JSON.stringify(result, null, 2)}\n`, EXPERIMENTS, this.id, RESULT),
    );
  }
}

function foreign(id: string): LabError {
  return new LabError(
    'experiment-unknown',
    `The experiment ${id} wasn't begun by you, so it isn't continued.`,
    {
      detail: 'It may have come with a cloned repository, and it names programs that would be started.',
      remedy: { text: 'Start a new one.' },
    },
  );
}

/** The results of all finished experiments of a kind, oldest first. */
export async function finishedExperiments<R extends { readonly kind: string }>(
  store: Pick<RunStore, 'folder'>,
  kind: R['kind'],
): Promise<R[]> {
  const all = await readdir(folderOf(store)).catch(() => []);
  const ids = all.filter((id) => id.endsWith(`-${kind}`)).sort();
  const results = await Promise.all(ids.map((id) => readJson<R>(path.join(folderOf(store), id, RESULT))));
  return results.filter((result) => result?.kind === kind) as R[];
}

function folderOf({ folder }: Pick<RunStore, 'folder'>): string {
  return path.join(folder, EXPERIMENTS);
}

async function readRecords<M>(own: OwnFolder, id: string): Promise<M[]> {
  const names = [EXPERIMENTS, id, RECORDS];
  const text = await readRegularText(own.path(...names)).catch(() => '');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await own.cut(Buffer.byteLength(whole), ...names);
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      try {
        return JSON.parse(line) as M;
      } catch (cause) {
        throw new LabError(
          'read-failed',
          `The measurements of the experiment ${own.path(...names)} are damaged.`,
          {
            detail: messageOf(cause),
            remedy: { text: 'Start a new one.' },
            cause,
          },
        );
      }
    });
}

async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readRegularText(file)) as T;
  } catch {
    return undefined;
  }
}

async function writing(id: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
    throw new LabError('write-failed', `Couldn't write the experiment ${id}.`, {
      detail: messageOf(cause),
      remedy: { text: "Check that the disk isn't full and that the folder is writable, then try again." },
      cause,
    });
  }
}
