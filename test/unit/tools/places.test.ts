import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findSource, mappingFor, useSourceMap } from '../../../src/core/lab/findSource.js';
import { profiledSources } from '../../../src/core/environment/profiledSources.js';
import { folderLab } from '../../../src/core/lab/folderLab.js';
import { fetchDebugInfo, unansweredServers } from '../../../src/core/symbols/debuginfod.js';
import { openModule } from '../../../src/core/symbols/modules.js';
import { useSymbolPlaces } from '../../../src/core/symbols/symbolFolders.js';
import { ProfileBuilder } from '../../../src/model/builder.js';
import { withEnvironment } from '../support/tempLab.js';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'places-')));
const at = (...names: string[]) => path.join(folder, ...names);
const put = (name: string, content: string | Buffer = '') => {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
  return at(name);
};
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('sources that were built in another folder', () => {
  afterEach(() => useSourceMap({}));

  it('are found where the map says, by the longest folder', async () => {
    put('a/src/one.c');
    put('b/two.c');
    useSourceMap({ '/build/x': at('a'), '/build/x/src/deep/': at('b') });
    expect(await findSource('/build/x/src/one.c', undefined)).toBe(at('a/src/one.c'));
    expect(await findSource('/build/x/src/deep/two.c', undefined)).toBe(at('b/two.c'));
    expect(await findSource('/build/xy/src/one.c', undefined)).toBeUndefined();
    expect(await findSource('/build/x/src/../src/one.c', undefined)).toBe(at('a/src/one.c'));
  });

  it('are found by relative names, after those of the lab', async () => {
    put('c/lib/three.c');
    put('lab/lib/three.c');
    put('c/lib/four.c');
    useSourceMap({ '': at('c') });
    expect(await findSource('lib/three.c', folderLab(at('lab')))).toBe(at('lab/lib/three.c'));
    expect(await findSource('lib/four.c', folderLab(at('lab')))).toBe(at('c/lib/four.c'));
    expect(await findSource('../four.c', undefined)).toBeUndefined();
  });

  it('are found around the program, up to where version control begins', async () => {
    put('around/.git/HEAD');
    put('around/project/src/five.c');
    put('around/project/build/bin/program');
    put('above.c');
    const find = (name: string) => findSource(name, undefined, at('around/project/build/bin/program'));
    expect(await find('src/five.c')).toBe(at('around/project/src/five.c'));
    expect(await find('../src/five.c')).toBe(at('around/project/src/five.c'));
    // As Bazel names the folder that it builds in.
    expect(await find('/proc/self/cwd/src/five.c')).toBe(at('around/project/src/five.c'));
    expect(await find('above.c')).toBeUndefined();
    expect(await findSource('src/five.c', undefined)).toBeUndefined();
  });

  it('of a program that was built elsewhere are those that were recorded, also for an archive', async () => {
    const source = put('far/project/src/six.c', 'int x;\n');
    const module = put('far/project/build/program');
    const builder = new ProfileBuilder();
    const func = builder.func({ name: 'f', module, file: 'src/six.c', line: 1 });
    const stack = builder.stack(-1, builder.frame(func, 'src/six.c', 1, false));
    builder.sample(stack, builder.thread(1, 1, new Map()), 0, 1);
    const { ids } = await profiledSources(
      builder.finish([{ name: 'e' }], []),
      folderLab(at('lab')),
      undefined,
    );
    expect(Object.keys(ids)).toEqual(['src/six.c']);
    // Debug information names the same file in two ways.
    const packed = { symbols: folder, sources: new Map([['src/six.c', source]]) };
    const lab = { ...folderLab(at('lab')), packed };
    expect(await findSource('./src/six.c', lab)).toBe(source);
  });

  it('are found again once one of them was shown', () =>
    fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(fc.stringMatching(/^[a-z]{1,3}$/), { maxLength: 4 }),
        fc.array(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 4 }),
        async (absolute, own, common) => {
          const file = [...common, 'file.c'].join('/');
          const named = path.join(absolute ? '/no-such-folder' : '', ...own, file);
          const found = put(`shown/${file}`);
          const mapping = mappingFor(named, found);
          expect(mapping).toBeDefined();
          useSourceMap({ [mapping?.from ?? '']: mapping?.to ?? '' });
          expect(await findSource(named, undefined)).toBe(found);
        },
      ),
    ));

  it('are not mapped by a file of another name', () => {
    expect(mappingFor('/build/a.c', '/home/b.c')).toBeUndefined();
  });
});

describe('programs and debug information elsewhere', () => {
  const program = at('prog');
  let buildId: string;
  let whole: Buffer;
  const idPath = (ending: string) => `.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}${ending}`;
  const open = () =>
    withEnvironment({ HOME: at('home'), XDG_CACHE_HOME: at('cache') }, () => openModule(program, buildId));

  beforeAll(() => {
    put('prog.c', 'static int inner(int x) { return x * 3; } int main(int c, char **v) { return inner(c); }');
    const flags = ['-g', '-O0', '-Wl,--build-id', '-o', program, at('prog.c')];
    execFileSync('gcc', flags);
    whole = readFileSync(program);
    buildId = /Build ID: ([0-9a-f]+)/.exec(
      execFileSync('readelf', ['-n', program], { encoding: 'utf8' }),
    )?.[1] as string;
    execFileSync('strip', [program]);
  });
  afterEach(() => useSymbolPlaces({ folders: [], servers: [] }));

  it.each([
    ['one like /usr/lib/debug', '.debug', ''],
    ['the root of a machine', '.debug', 'usr/lib/debug'],
    ["one like perf's cache", '/elf', ''],
  ])('are found in a folder that is %s', async (_, ending, below) => {
    expect((await open()).stripped).toBe(true);
    const root = `root${ending}${below}`;
    put(path.join(root, below, idPath(ending)), whole);
    useSymbolPlaces({ folders: [at(root)], servers: [] });
    const found = await open();
    expect(found.stripped).toBe(false);
    expect(found.lines).toBe(at(root, below, idPath(ending)));
    // Of another build, it would give wrong names.
    const other = Buffer.from(whole);
    const place = other.indexOf(Buffer.from(buildId, 'hex'));
    other[place] = (other[place] as number) ^ 1;
    put(path.join(root, below, idPath(ending)), other);
    expect((await open()).stripped).toBe(true);
  });

  it('are found where the program was on the machine that was recorded', async () => {
    const moved = at('moved');
    put(path.join('machine', moved), whole);
    useSymbolPlaces({ folders: [at('machine')], servers: [] });
    expect((await openModule(moved, buildId)).file).toBe(at('machine', moved));
    // Names of a profile don't lead out of the folder.
    put('outside', whole);
    await expect(openModule('/../outside', buildId)).rejects.toThrow();
  });

  it('are asked of servers only when the user allows it, and once', async () => {
    const asked: string[] = [];
    const server = http.createServer((request, response) => {
      asked.push(request.url ?? '');
      if (request.url === `/buildid/${buildId}/debuginfo` && asked.length > 1) response.end(whole);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect((await open()).lines).toBeUndefined();
      expect(asked).toEqual([]);
      useSymbolPlaces({ folders: [], servers: [url] });
      // The first answer is that there is none: it isn't asked for again.
      expect((await open()).lines).toBeUndefined();
      expect((await open()).lines).toBeUndefined();
      expect(asked).toEqual([`/buildid/${buildId}/debuginfo`]);
      useSymbolPlaces({ folders: [], servers: ['http://127.0.0.1:9', `${url}/`] });
      expect((await open()).lines).toBe(at('cache/debuginfod_client', buildId, 'debuginfo'));
      // From the cache.
      await open();
      expect(asked).toHaveLength(2);
    } finally {
      server.close();
    }
  });

  it('are no longer asked of a server that never answers, or too slowly', async () => {
    let asked = 0;
    const server = http.createServer((request, response) => {
      asked++;
      if (!request.url?.startsWith('/ab/')) return;
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await withEnvironment({ XDG_CACHE_HOME: at('slow'), DEBUGINFOD_TIMEOUT: '1' }, async () => {
        const host = `localhost:${port}`;
        // Servers are told apart by their whole address.
        for (const first of ['ab', 'cd']) {
          const servers = [`http://${host}/${first}`];
          asked = 0;
          for (let i = 10; i < 20; i++)
            expect(await fetchDebugInfo(`${first}${i}`.repeat(10), servers)).toBeUndefined();
          expect(asked).toBe(1);
          expect(unansweredServers(servers)).toEqual([host]);
        }
      });
      // A part isn't kept.
      expect(existsSync(at('slow/debuginfod_client', 'ab10'.repeat(10), 'debuginfo'))).toBe(false);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('are not waited for after a cancel', async () => {
    const server = http.createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const from = performance.now();
      const found = await fetchDebugInfo('ef12'.repeat(10), [url], AbortSignal.timeout(100));
      expect(found).toBeUndefined();
      expect(performance.now() - from).toBeLessThan(5000);
      expect(unansweredServers([url])).toEqual([]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
