import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unknownEnvironment } from '../../../src/core/store/runEnvironment.js';
import { newRunId, RunStore } from '../../../src/core/store/runStore.js';
import type { RunDocument } from '../../../src/model/run.js';
import { foldedProfile } from '../support/fixtures.js';

describe('the run store', () => {
  let folder: string;
  let store: RunStore;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-store-'));
    store = new RunStore(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const profile = foldedProfile('main;work 3');
  const runOf = (id: string): RunDocument => ({
    formatVersion: 1,
    id,
    kind: 'profile',
    createdAt: '2026-01-31T12:00:00.000Z',
    lab: 'Test',
    preset: { name: 'A', description: '', environment: {}, program: 'a', args: [] },
    environment: unknownEnvironment,
    results: [],
    stat: null,
    samples: profile.samples.length,
  });
  const id = newRunId('A', new Date('2026-01-31T12:00:00Z'));
  const other = newRunId('B', new Date('2026-01-31T13:00:00Z'));

  it('deletes the run that is named, and nothing else', async () => {
    for (const run of [id, other]) await store.save(runOf(run), profile);
    await store.delete(id);
    expect(await store.list()).toEqual([other]);
    expect((await store.loadProfile(other)).samples.length).toBe(profile.samples.length);
  });

  it('deletes a run that cannot be read', async () => {
    await store.save(runOf(id), profile);
    writeFileSync(path.join(store.runsFolder, id, 'run.json'), 'damaged');
    await store.delete(id);
    expect(await store.list()).toEqual([]);
  });

  it.each(['..', '.', '../lock', '../../outside', 'a/b', '/etc', '', 'absent', `${id}/..`])(
    'refuses to delete %j, which isn’t one of its folders',
    async (foreign) => {
      await store.save(runOf(id), profile);
      mkdirSync(path.join(folder, 'outside'));
      await expect(store.delete(foreign)).rejects.toMatchObject({ code: 'run-unknown' });
      await expect(store.load(foreign)).rejects.toMatchObject({ code: 'run-unknown' });
      expect(readdirSync(folder).sort()).toEqual(['.hakmem-lab', 'outside']);
      expect(await store.list()).toEqual([id]);
    },
  );

  it('prunes what the policy does not keep, to the trash, and never what has a title, a note, or tags', async () => {
    const ids = [10, 11, 12, 13].map((hour) => newRunId('A', new Date(`2026-01-31T${hour}:00:00Z`)));
    for (const run of ids) await store.save(runOf(run), profile);
    await store.describe(ids[0] as string, { title: 'before', note: '' });
    await store.describe(ids[2] as string, { tags: ['kept'] });
    expect(await store.prune({ runs: 1 })).toEqual([ids[1]]);
    await store.restore(ids[1] as string);
    await store.describe(ids[2] as string, { tags: [] });
    expect(await store.prune({})).toEqual([]);
    expect(await store.prune({ runs: 1 })).toEqual([ids[2], ids[1]]);
    expect(store.pruned).toEqual([ids[2], ids[1]]);
    expect(await store.list()).toEqual([ids[3], ids[0]]);
    expect(await store.listTrash()).toEqual([ids[2], ids[1]]);
    await store.restore(ids[1] as string);
    expect((await store.loadProfile(ids[1] as string)).samples.length).toBe(profile.samples.length);
    await expect(store.restore('../runs')).rejects.toMatchObject({ code: 'run-unknown' });
  });

  it('discards a run for as long as it may be wanted back', async () => {
    for (const run of [id, other]) await store.save(runOf(run), profile);
    await store.describe(id, { title: ' first ', note: '' });
    await store.discard(id);
    expect(await store.list()).toEqual([other]);
    await store.restore(id);
    expect(await store.list()).toEqual([other, id]);
    expect(await store.description(id)).toEqual({ title: 'first' });
    for (const run of [id, other]) await store.discard(run);
    await store.emptyTrash({ before: new Date(Date.now() - 60_000) });
    await store.restore(other);
    await store.emptyTrash({ id });
    await expect(store.restore(id)).rejects.toMatchObject({ code: 'write-failed' });
    expect(await store.list()).toEqual([other]);
  });

  it('keeps what the user says about a run beside it, and takes nothing else for it', async () => {
    await store.save(runOf(id), profile);
    expect(await store.description(id)).toEqual({});
    await store.describe(id, { title: 'before', note: 'with -O3\nand LTO' });
    expect(await store.description(id)).toEqual({ title: 'before', note: 'with -O3\nand LTO' });
    await store.describe(id, { tags: ['#slow', 'slow', ' before fix '] });
    expect(await store.description(id)).toEqual({ tags: ['slow', 'before', 'fix'] });
    for (const foreign of ['null', '[]', '{"title": 1, "note": {}, "tags": [1, {}]}', 'damaged']) {
      writeFileSync(path.join(store.runsFolder, id, 'description.json'), foreign);
      expect(await store.description(id)).toEqual({});
    }
    await expect(store.describe('../../outside', { title: 'x' })).rejects.toMatchObject({
      code: 'run-unknown',
    });
    await expect(store.discard('../../outside')).rejects.toMatchObject({ code: 'run-unknown' });
    expect((await store.load(id)).id).toBe(id);
  });

  it('refuses a run whose ID is not the name of its folder', async () => {
    await store.save(runOf(id), profile);
    const file = path.join(store.runsFolder, id, 'run.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(id, '../../outside'));
    await expect(store.load(id)).rejects.toMatchObject({
      code: 'run-corrupt',
      detail: `Its ID is ../../outside, but its folder is named ${id}.`,
    });
  });

  it('tells a newer version from damage, and a run without a profile from no run', async () => {
    await store.save(runOf(id), undefined);
    await expect(store.loadProfile(id)).rejects.toMatchObject({ code: 'run-without-profile' });
    const file = path.join(store.runsFolder, id, 'run.json');
    writeFileSync(file, JSON.stringify({ ...runOf(id), formatVersion: 2 }));
    await expect(store.load(id)).rejects.toMatchObject({ code: 'newer-version' });
    writeFileSync(file, '{}');
    await expect(store.load(id)).rejects.toMatchObject({ code: 'run-corrupt' });
  });

  it('hands a request to open a run over once, and ignores a damaged one', async () => {
    expect(await store.takeOpenRequest()).toBeUndefined();
    await store.requestOpening(id);
    expect(await store.takeOpenRequest()).toBe(id);
    expect(await store.takeOpenRequest()).toBeUndefined();
    await store.requestOpening(id);
    const [request = ''] = readdirSync(store.folder).filter((name) => name.endsWith('.json'));
    writeFileSync(path.join(store.folder, request), '{');
    expect(await store.takeOpenRequest()).toBeUndefined();
    expect(existsSync(path.join(store.folder, request))).toBe(false);
  });
});
