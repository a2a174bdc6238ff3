import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isProfileName } from '../../../src/core/import/fileNames.js';
import { holds } from '../support/whenClause.js';
import * as table from '../../../src/vscode/shared/contributions.js';
import { contrast, css, parseColor, type Rgb } from '../../../webview/ui/palette.js';
import { hotspotDragType } from '../../../src/wire/protocol.js';

interface Manifest {
  main: string;
  icon: string;
  activationEvents: string[];
  contributes: {
    commands: { command: string; title: string; category: string; icon?: string; enablement?: string }[];
    menus: Record<string, { command: string; when?: string; group: string }[]>;
    walkthroughs: {
      steps: {
        id: string;
        when?: string;
        description: string;
        media: { image?: Record<string, string>; svg?: string };
        completionEvents: string[];
      }[];
    }[];
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    views: Record<string, { id: string; when?: string }[]>;
    viewsWelcome: { view: string; when?: string; contents: string }[];
    configuration: { title: string; properties: Record<string, { default: unknown; scope: string }> }[];
    customEditors: { viewType: string; priority: string; selector: { filenamePattern: string }[] }[];
    colors: { id: string; defaults: Record<string, string> }[];
  };
}

const text = readFileSync('package.json', 'utf8');
const nls = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
/** As VS Code reads it: with the texts of package.nls.json. */
const { contributes, activationEvents } = JSON.parse(text, (_, value: unknown) =>
  typeof value === 'string' ? (nls[/^%(.+)%$/.exec(value)?.[1] ?? ''] ?? value) : value,
) as Manifest;
const commands = Object.values<string>(table.commandIds);

/** Backgrounds of editors. */
const editors = {
  dark: '#1f1f1f',
  light: '#ffffff',
  highContrast: '#000000',
  highContrastLight: '#ffffff',
};

/** Of a color, with or without alpha, on an opaque one; both in hexadecimal. */
function laidOver(color: string, background: string): string {
  const part = (text: string, at: number) => parseInt(text.slice(at, at + 2) || 'ff', 16);
  const alpha = part(color, 7) / 255;
  const mixed = [1, 3, 5].map((at) => part(color, at) * alpha + part(background, at) * (1 - alpha));
  return css(mixed.map(Math.round) as unknown as Rgb);
}

function contrastOf(a: string, b: string): number {
  const [x, y] = [parseColor(a), parseColor(b)];
  return x && y ? contrast(x, y) : 0;
}

describe('package.json and the table of contributions', () => {
  it('name the same commands, all under one category', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual([...commands].sort());
    expect(new Set(contributes.commands.map(({ category }) => category))).toEqual(new Set(['HAKMEM Lab']));
  });

  it('know a dragged hotspot by what VS Code makes of the name of its view', () => {
    expect(hotspotDragType).toBe(`application/vnd.code.tree.${table.viewIds.hotspots.toLowerCase()}`);
  });

  it('use no command in menus, keys and welcome texts that does not exist', () => {
    const used = Object.values(contributes.menus).flatMap((entries) => entries.map(({ command }) => command));
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    const texts = [
      ...contributes.viewsWelcome.map(({ contents }) => contents),
      ...steps.flatMap(({ description, completionEvents }) => [
        description,
        ...completionEvents.map((event) => event.replace(/^onCommand/, 'command')),
      ]),
    ];
    const linked = texts.flatMap((text) =>
      [...text.matchAll(/command:(hakmemLab\.\w+)/g)].map((match) => match[1]),
    );
    for (const command of [...used, ...linked]) expect(commands).toContain(command);
  });

  it('name the same settings with the same defaults', () => {
    const declared = Object.fromEntries(
      contributes.configuration.flatMap(({ properties }) =>
        Object.entries(properties).map(([key, value]) => [key, value.default]),
      ),
    );
    const typed = Object.fromEntries(Object.values(table.settings).map((s) => [s.key, s.default]));
    expect(declared).toEqual(typed);
  });

  it('use only context keys that are set somewhere', () => {
    const clauses = [
      ...Object.values(contributes.menus).flat(),
      ...Object.values(contributes.views).flat(),
      ...contributes.viewsWelcome,
    ].map(({ when }) => when ?? '');
    const enablement = [...text.matchAll(/"enablement": "([^"]*)"/g)].map((match) => match[1] as string);
    const keys = Object.values<string>(table.contextKeys);
    const names = [...clauses, ...enablement].flatMap((clause) => clause.match(/hakmemLab\.\w+/g) ?? []);
    for (const name of names) expect([...keys, ...Object.values<string>(table.viewIds)]).toContain(name);
    for (const key of keys) expect(names).toContain(key);
  });

  it('name the same views, panel, and colors', () => {
    expect(contributes.viewsContainers.activitybar.map(({ id }) => id)).toEqual([table.viewIds.container]);
    const { container, ...views } = table.viewIds;
    expect(contributes.views[container]?.map(({ id }) => id)).toEqual(Object.values(views));
    for (const type of [table.panelViewType, table.experimentViewType])
      expect(activationEvents).toContain(`onWebviewPanel:${type}`);
    const { annotation, more, less, heat, ruler } = table.colorIds;
    expect(heat).toHaveLength(table.heatSteps);
    expect(contributes.colors.map(({ id }) => id).sort()).toEqual(
      [annotation, more, less, ...heat, ...ruler].sort(),
    );
    for (const { defaults } of contributes.colors) {
      expect(Object.keys(defaults).sort()).toEqual(['dark', 'highContrast', 'highContrastLight', 'light']);
    }
  });

  it('have colors of texts that can be read on the hottest lines, too', () => {
    const { annotation, more, less, heat } = table.colorIds;
    const colorsOf = (id: string) => contributes.colors.find((color) => color.id === id)?.defaults ?? {};
    for (const [theme, background] of Object.entries(editors)) {
      for (const text of [annotation, more, less]) {
        for (const line of heat) {
          const behind = laidOver(colorsOf(line)[theme] ?? '', background);
          // WCAG 2.2, 1.4.3
          expect(
            contrastOf(colorsOf(text)[theme] ?? '', behind),
            `${text} on ${line}, ${theme}`,
          ).toBeGreaterThan(4.5);
        }
      }
    }
  });

  it('have steps of heat that can be told apart side by side', () => {
    const colorsOf = (id: string) => contributes.colors.find((color) => color.id === id)?.defaults ?? {};
    for (const [theme, background] of Object.entries(editors)) {
      const steps = table.colorIds.heat.map((id) =>
        parseColor(laidOver(colorsOf(id)[theme] ?? '', background)),
      );
      for (const [i, step] of steps.entries()) {
        const before = steps[i - 1];
        if (!step || !before) continue;
        const distance = Math.hypot(...step.map((part, at) => part - (before[at] ?? 0)));
        expect(distance, `step ${i + 1}, ${theme}`).toBeGreaterThan(12);
      }
    }
  });

  it('open by a double click what only profiles are called like, and know the panels of both', () => {
    const [certain, possible] = contributes.customEditors;
    expect(contributes.customEditors.map(({ viewType }) => viewType)).toEqual(
      Object.values(table.editorViewTypes),
    );
    expect([certain?.priority, possible?.priority]).toEqual(['default', 'option']);
    const names = (certain?.selector ?? []).map(({ filenamePattern }) => filenamePattern.replace('*', 'x1'));
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) expect(isProfileName(name), name).toBe(true);
    for (const name of (possible?.selector ?? []).map(({ filenamePattern }) =>
      filenamePattern.replace('*', 'x1'),
    )) {
      expect(isProfileName(name), name).toBe(false);
    }
  });

  it('lists no command in the palette where it could do nothing', () => {
    const palette = new Map(contributes.menus.commandPalette?.map(({ command, when }) => [command, when]));
    for (const { command, enablement } of contributes.commands) {
      if (enablement !== undefined && palette.get(command) !== 'false') {
        expect(palette.get(command), command).toContain(
          command === table.commandIds.revealInFlameGraph ? 'hakmemLab.hasProfile' : enablement,
        );
      }
    }
  });

  it('let each saved profile be opened, exported, named, and deleted, whatever is shown', () => {
    const ofRuns = (contributes.menus['view/item/context'] ?? []).filter(
      ({ when, group }) => when?.startsWith('view == hakmemLab.runs ') && group !== 'inline@1',
    );
    const always = ofRuns.filter(({ when }) => !/hasProfile/.test(when ?? '')).map(({ command }) => command);
    const { openRun, exportProfile, renameRun, editRunNote, deleteRun } = table.commandIds;
    expect(always).toEqual(
      expect.arrayContaining([openRun, exportProfile, renameRun, editRunNote, deleteRun]),
    );
    for (const command of always) {
      const { enablement } = contributes.commands.find((one) => one.command === command) ?? {};
      expect(enablement ?? '', command).not.toMatch(/hasProfile/);
    }
  });

  it('give each command of a view its own icon, and the title at most three', () => {
    const icons = contributes.commands.flatMap(({ icon }) => icon ?? []);
    const inTitles = (contributes.menus['view/title'] ?? []).filter(({ group }) =>
      group.startsWith('navigation'),
    );
    for (const view of Object.values(table.viewIds)) {
      expect(
        inTitles.filter(({ when }) => `${when} `.startsWith(`view == ${view} `)).length,
      ).toBeLessThanOrEqual(3);
    }
    expect(icons.length).toBeGreaterThan(20);
    const inline = contributes.menus['view/item/context'] ?? [];
    const shown = [...inTitles, ...inline].map(({ command }) => command);
    const iconOf = (id: string) => contributes.commands.find(({ command }) => command === id)?.icon;
    const distinct = [...new Set(shown)].flatMap((id) => iconOf(id) ?? []);
    expect(distinct.filter((icon, i) => distinct.indexOf(icon) !== i)).toEqual([]);
  });

  it('show pictures in the walkthrough that are packaged', () => {
    const packaged = readFileSync('.vscodeignore', 'utf8').split('\n');
    const pictures = contributes.walkthroughs.flatMap(({ steps }) =>
      steps.flatMap(({ media }) =>
        media.image === undefined ? [media.svg ?? ''] : Object.values(media.image),
      ),
    );
    // A picture of the editor has a form for each kind of theme; a drawing takes its colors from the theme.
    expect(pictures).toHaveLength(3 * 4 + 3);
    for (const { media } of contributes.walkthroughs.flatMap(({ steps }) => steps)) {
      if (media.image) expect(Object.keys(media.image).sort()).toEqual(['dark', 'hc', 'hcLight', 'light']);
    }
    for (const picture of pictures) {
      expect(existsSync(picture), picture).toBe(true);
      expect(packaged.includes(`!${path.dirname(picture)}/*${path.extname(picture)}`)).toBe(true);
    }
  });

  it('can be walked through from any window', () => {
    for (const { steps } of contributes.walkthroughs) {
      // What has to hold already when VS Code reads the steps checks none of them off.
      for (const { id, completionEvents } of steps)
        expect(
          completionEvents.filter((event) => !event.startsWith('onContext:')).length,
          id,
        ).toBeGreaterThan(0);
      // As many as the description says.
      for (const workspaceFolderCount of [0, 1])
        expect(steps.filter(({ when }) => holds(when ?? 'true', { workspaceFolderCount }))).toHaveLength(5);
    }
  });

  it('keep the backgrounds of hot lines translucent, so that selections show through', () => {
    const heat = contributes.colors.filter(({ id }) => table.colorIds.heat.includes(id));
    for (const color of heat.flatMap(({ defaults }) => Object.values(defaults))) {
      expect(color).toMatch(/^#[0-9a-f]{8}$/);
      expect(Number.parseInt(color.slice(7), 16)).toBeLessThan(0x90);
    }
  });
});
