import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/core/labError.js';
import { LAB_FILE_NAME, findLabFile } from '../../../src/core/lab/findLabFile.js';
import { findPreset, parseLab } from '../../../src/core/lab/loadLab.js';
import { effectiveVariables } from '../../../src/core/store/runEnvironment.js';

const minimal = { formatVersion: 1, name: 'Test', presets: [{ name: 'P', program: 'build/p' }] };

function detailOf(text: string): string {
  try {
    parseLab(text, 'lab.json');
  } catch (error) {
    expect((error as LabError).code).toBe('lab-file-invalid');
    return (error as LabError).detail;
  }
  return expect.unreachable('the file was accepted');
}

describe('lab files', () => {
  it('fill in what may be left out', () => {
    const lab = parseLab(JSON.stringify(minimal), 'lab.json');
    expect(lab.presets[0]).toMatchObject({ name: 'P', args: [], environment: {}, rivals: {} });
    expect(lab.sourceRoots).toEqual(['.']);
  });

  it('are refused with the place of the mistake', () => {
    expect(detailOf('{"formatVersion": 1,')).toMatch(/JSON/);
    expect(detailOf(JSON.stringify({ ...minimal, formatVersion: 2 }))).toMatch(/formatVersion/);
    expect(detailOf(JSON.stringify({ ...minimal, presets: [] }))).toMatch(/presets/);
    expect(detailOf(JSON.stringify({ ...minimal, presets: [{ name: 'P' }] }))).toMatch(
      /presets\[0\]\.program/,
    );
    expect(detailOf(JSON.stringify({ ...minimal, prests: 1 }))).toMatch(/prests/);
    expect(
      detailOf(JSON.stringify({ ...minimal, presets: [...minimal.presets, ...minimal.presets] })),
    ).toMatch(/more than once/);
    const badRule = { ...minimal, categories: [{ name: 'C', rules: [{ symbol: '(' }] }] };
    expect(detailOf(JSON.stringify(badRule))).toMatch(
      /regular expression.*categories\[0\]\.rules\[0\]\.symbol/s,
    );
    expect(detailOf(JSON.stringify({ ...minimal, categories: [{ name: 'C', rules: [{}] }] }))).toMatch(
      /at least one/,
    );
  });

  it('name the presets there are when one is unknown', () => {
    const lab = { folder: '/x', file: '/x/lab.json', definition: parseLab(JSON.stringify(minimal), 'x') };
    expect(findPreset(lab, 'P').program).toBe('build/p');
    expect(() => findPreset(lab, 'Q')).toThrow(/no preset named Q/);
  });

  it('are found in the folder, in its native folder, or above', async () => {
    const at = (...files: string[]) => {
      const set = new Set(files.map((f) => path.join(f, LAB_FILE_NAME)));
      return (file: string) => Promise.resolve(set.has(file));
    };
    expect(await findLabFile('/a/b', at('/a/b', '/a'))).toBe(`/a/b/${LAB_FILE_NAME}`);
    expect(await findLabFile('/a/b', at('/a/b/native'))).toBe(`/a/b/native/${LAB_FILE_NAME}`);
    expect(await findLabFile('/a/b/c', at('/a'))).toBe(`/a/${LAB_FILE_NAME}`);
    expect(await findLabFile('/a/b', at())).toBeUndefined();
  });
});

describe('the effective environment', () => {
  it('has the preset’s variables and the inherited ones that matter', () => {
    const lab = { presets: [{ environment: { HAKMEM_PROFILE: 'X' } }] } as unknown as Parameters<
      typeof effectiveVariables
    >[0];
    const inherited = {
      HAKMEM_DEBUG: '1',
      HAKMEM_PROFILE: 'old',
      HOME: '/root',
      LD_PRELOAD: 'x.so',
      MALLOC_ARENA_MAX: '1',
    };
    expect(effectiveVariables(lab, { HAKMEM_PROFILE: 'X' }, inherited)).toEqual({
      HAKMEM_DEBUG: '1',
      HAKMEM_PROFILE: 'X',
      LD_PRELOAD: 'x.so',
      MALLOC_ARENA_MAX: '1',
    });
  });
});
