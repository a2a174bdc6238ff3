import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contextKeys as keys } from '../../../src/vscode/shared/contributions.js';
import { holds, type Context } from '../support/whenClause.js';

interface Manifest {
  contributes: {
    commands: { command: string; title: string; enablement?: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
  };
}

const nls = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
const { commands, menus } = (JSON.parse(readFileSync('package.json', 'utf8')) as Manifest).contributes;

/** Titles of what the palette lists in a window, in the order of package.json. */
function offered(context: Context): string[] {
  return commands.flatMap(({ command, title, enablement }) => {
    const entry = menus['commandPalette']?.find((one) => one.command === command);
    const shown = holds(entry?.when ?? 'true', context) && holds(enablement ?? 'true', context);
    return shown ? [nls[title.slice(1, -1)] ?? title] : [];
  });
}

const trusted = { isWorkspaceTrusted: true, [keys.searched]: true };
const folder = { ...trusted, workspaceFolderCount: 1, [keys.folder]: 'native' };
const viewing = ['Show Output', 'Open Profile...'];
const measuring = ['Profile a Command...', 'Attach to Process...', 'Run Doctor', 'Try the Sample Allocator'];
/** What needs a program to be built or run. */
const starts = /^(Run (Preset|Gate)|Profile|Count|Attach|Measure|Compare Speed)|Again/;

describe('the palette offers what makes sense', () => {
  it('to view a text as a profile where it is one', () => {
    expect(offered({ ...folder, [keys.profileText]: true })).toContain('View as Profile');
    expect(offered(folder)).not.toContain('View as Profile');
  });

  it('without a folder: to look at profiles, at this machine, and the sample', () => {
    const titles = offered({ ...trusted, workspaceFolderCount: 0, [keys.folder]: 'none' });
    expect(titles).toEqual(expect.arrayContaining([...viewing, 'Run Doctor', 'Try the Sample Allocator']));
    expect(titles).toHaveLength(4);
  });

  it('in an empty folder: to profile any command, but nothing about presets, runs, or a profile', () => {
    const titles = offered({ ...folder, [keys.folder]: 'empty' });
    expect(titles).toEqual(expect.arrayContaining([...viewing, ...measuring]));
    expect(titles.filter((title) => /Build Target|Launch/.test(title))).toEqual([]);
    const project = offered({ ...folder, [keys.buildable]: true, [keys.launchable]: true });
    expect(project.filter((title) => /Build Target|Launch/.test(title))).toHaveLength(2);
    expect(
      titles.filter((title) =>
        /Preset\.|Run (Preset|Gate)|Compar|Baseline|Annotation|Hottest|Lab File|Export/.test(title),
      ),
    ).toEqual([]);
  });

  it('in a folder that is not trusted: nothing that builds or runs', () => {
    const titles = offered({
      ...folder,
      isWorkspaceTrusted: false,
      [keys.hasLab]: true,
      [keys.hasRuns]: true,
      [keys.hasProfile]: true,
    });
    expect(titles.filter((title) => starts.test(title))).toEqual([]);
    expect(titles).toEqual(
      expect.arrayContaining([
        ...viewing,
        'Show Panel',
        'Compare With...',
        'Go to Hottest Line',
        'Open Lab File',
      ]),
    );
  });

  it('on another system than Linux: nothing that measures, but everything that shows', () => {
    const titles = offered({
      ...folder,
      [keys.viewerOnly]: true,
      [keys.hasLab]: true,
      [keys.hasRuns]: true,
      [keys.hasProfile]: true,
    });
    expect(titles.filter((title) => starts.test(title))).toEqual([]);
    expect(titles).not.toContain('Run Doctor');
    expect(titles).toEqual(
      expect.arrayContaining([...viewing, 'Show Panel', 'Compare With...', 'Export Profile...']),
    );
  });

  it('in a folder on another machine: nothing that runs there', () => {
    const titles = offered({ ...folder, virtualWorkspace: 'vscode-vfs', [keys.folder]: 'virtual' });
    expect(titles.filter((title) => starts.test(title))).toEqual([]);
  });

  it('with a lab and a profile: everything but what ends a run, which is there while one goes on', () => {
    const all = {
      ...folder,
      [keys.hasLab]: true,
      [keys.hasRuns]: true,
      [keys.hasProfile]: true,
      [keys.buildable]: true,
      [keys.launchable]: true,
      [keys.hotspotsFiltered]: true,
      [keys.runsFiltered]: true,
      editorIsOpen: true,
    };
    const titles = offered(all);
    const hidden = commands.filter(({ title }) => !titles.includes(nls[title.slice(1, -1)] ?? ''));
    const items = menus['commandPalette']
      ?.filter(({ when }) => when === 'false')
      .map(({ command }) => command);
    expect(hidden.map(({ command }) => command).filter((id) => !items?.includes(id))).toEqual([
      'hakmemLab.stopRecording',
      'hakmemLab.cancelRun',
      'hakmemLab.viewProfile',
      // Of a document with machine code.
      'hakmemLab.showNextCopy',
      'hakmemLab.toggleSyntax',
    ]);
    const running = offered({ ...all, [keys.running]: true, [keys.recording]: true });
    expect(running).toEqual(expect.arrayContaining(['Stop Recording', 'Cancel Run']));
    expect(running.filter((title) => starts.test(title))).toEqual([]);
  });
});
