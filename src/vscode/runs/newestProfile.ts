import type { Services } from '../services.js';
import type { ShownRun } from './shownRun.js';

/** Shows the newest profile of the window's labs; undefined when none was recorded yet. */
export async function openNewestProfile({
  labs,
  history,
  shown,
}: Pick<Services, 'labs' | 'history' | 'shown'>): Promise<ShownRun | undefined> {
  await labs.ready();
  const newest = await Promise.all(
    labs.all.map(async ({ laboratory }) => {
      const runs = laboratory ? await history.list(laboratory.store) : [];
      const run = runs.find(({ kind }) => kind === 'profile');
      return laboratory && run ? { laboratory, run } : undefined;
    }),
  );
  const found = newest
    .filter((candidate) => candidate !== undefined)
    .sort((a, b) => b.run.createdAt.localeCompare(a.run.createdAt))[0];
  return found && shown.open(found.laboratory, found.run.id);
}
