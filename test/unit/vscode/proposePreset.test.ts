import { describe, expect, it } from 'vitest';
import { parseLab } from '../../../src/core/lab/loadLab.js';
import { locateJson } from '../../../src/vscode/labs/jsonPlace.js';
import { withPreset } from '../../../src/vscode/labs/proposePreset.js';

const recorded = { name: 'churner', program: 'churner', args: ['-n', 'a b'] };

describe('a recording as a preset', () => {
  it('makes a valid lab file where there is none', () => {
    const { text, index } = withPreset(undefined, recorded, '/home/me/project');
    const lab = parseLab(text, 'hakmem-lab.json');
    expect(lab.name).toBe('project');
    expect(lab.presets[index]).toMatchObject(recorded);
  });

  it('is added at the end of a lab file, whose text stays as it is', () => {
    const first = withPreset(undefined, recorded, '/p').text.replace('"name": "p"', '"name":   "by hand"');
    const { text, index } = withPreset(first, { name: 'churner', program: '/bin/x' }, '/p');
    expect(text).toContain('"name":   "by hand"');
    const { presets } = parseLab(text, 'hakmem-lab.json');
    expect(presets.map(({ name }) => name)).toEqual(['churner', 'churner-2']);
    const { start, end } = locateJson(text, ['presets', index, 'name']);
    expect(text.slice(start, end)).toBe('"churner-2"');
  });

  it('has a name that a command line takes, whatever the program is called', () => {
    const names = ['a b/../c', '', '日本', '-x'].map((name) => {
      const { text } = withPreset(undefined, { name, program: 'p' }, '/p');
      return parseLab(text, 'hakmem-lab.json').presets[0]?.name;
    });
    expect(names).toEqual(['a_b_.._c', 'program', '_', '-x']);
  });
});
