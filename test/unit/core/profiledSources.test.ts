import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { profiledSources, sourceFromGit, sourceId } from '../../../src/core/environment/profiledSources.js';
import { folderLab } from '../../../src/core/lab/folderLab.js';
import { packSources, unpackSource } from '../../../src/core/store/sourceCopies.js';
import { profileOf } from '../vscode/profiles.js';

let folder: string;
const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'sources-')));
  git('init', '-q');
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};
const commit = () => {
  git('add', '-A');
  git('-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '-qm', 'x');
};
const inFiles = (...files: string[]) => profileOf(files.map((file) => [[`f@${file}:1`], 1]));

describe('sources of a profile', () => {
  it('are named as Git names them, and copied where Git has no such content', async () => {
    const committed = write('src/committed.c', 'int a;\n');
    commit();
    const edited = write('src/edited.c', 'int b;\n');
    const outside = path.join(folder, '..', `${path.basename(folder)}-outside.h`);
    writeFileSync(outside, 'int c;\n');
    const { ids, copies } = await profiledSources(
      inFiles(committed, edited, outside, '/none.c'),
      folderLab(folder),
      undefined,
    );
    rmSync(outside);
    expect(ids).toEqual({
      [committed]: git('hash-object', committed),
      [edited]: git('hash-object', edited),
      [outside]: sourceId(Buffer.from('int c;\n')),
    });
    expect([...copies]).toEqual([[ids[edited], Buffer.from('int b;\n')]]);
  });

  it('are unknown if they were saved while the program was recorded', async () => {
    const file = write('a.c', 'int a;\n');
    const since = new Date(Date.now() - 60_000);
    const { ids, copies } = await profiledSources(inFiles(file), folderLab(folder), since);
    expect([ids, copies.size]).toEqual([{ [file]: null }, 0]);
    utimesSync(file, since, new Date(since.getTime() - 1_000));
    expect((await profiledSources(inFiles(file), folderLab(folder), since)).ids[file]).toMatch(
      /^[0-9a-f]{40}$/,
    );
  });

  it('are had from Git after any number of commits, byte for byte or not at all', async () => {
    const file = write('a.c', 'int a;\r\nint ü;');
    const binary = write('b.c', '');
    writeFileSync(binary, Buffer.from([0xff, 0xfe, 0]));
    commit();
    const [id, other] = [git('hash-object', file), git('hash-object', binary)];
    writeFileSync(file, 'int b;\n');
    commit();
    expect((await sourceFromGit(folder, id))?.toString()).toBe('int a;\r\nint ü;');
    expect(await sourceFromGit(folder, other)).toBeUndefined();
    expect(await sourceFromGit(folder, 'f'.repeat(40))).toBeUndefined();
    expect(await sourceFromGit(folder, '--help')).toBeUndefined();
  });

  it('are had from the copies of a run if those are what their IDs say', async () => {
    const content = Buffer.from('int a;\n');
    const packed = await packSources(new Map([[sourceId(content), content]]));
    expect(await unpackSource(packed, sourceId(content))).toEqual(content);
    expect(await unpackSource(packed, 'other')).toBeUndefined();
    const wrong = await packSources(new Map([['other', content]]));
    expect(await unpackSource(wrong, 'other')).toBeUndefined();
    expect(await unpackSource(Buffer.from('damaged'), 'other')).toBeUndefined();
  });
});
