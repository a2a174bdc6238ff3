import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as table from '../../../src/vscode/shared/contributions.js';

interface Manifest {
  main: string;
  icon: string;
  activationEvents: string[];
  contributes: {
    commands: { command: string; title: string; category: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    keybindings: { command: string; when?: string }[];
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    views: Record<string, { id: string }[]>;
    viewsWelcome: { view: string; when: string; contents: string }[];
    configuration: { properties: Record<string, { default: unknown }> };
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

describe('package.json and the table of contributions', () => {
  it('name the same commands, all under one category', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual([...commands].sort());
    expect(new Set(contributes.commands.map(({ category }) => category))).toEqual(new Set(['HAKMEM Lab']));
  });

  it('use no command in menus, keys and welcome texts that does not exist', () => {
    const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(
      ({ command }) => command,
    );
    const linked = contributes.viewsWelcome.flatMap(({ contents }) =>
      [...contents.matchAll(/command:(hakmemLab\.\w+)/g)].map((match) => match[1]),
    );
    for (const command of [...used, ...linked]) expect(commands).toContain(command);
  });

  it('name the same settings with the same defaults', () => {
    const declared = Object.fromEntries(
      Object.entries(contributes.configuration.properties).map(([key, value]) => [key, value.default]),
    );
    const typed = Object.fromEntries(Object.values(table.settings).map((s) => [s.key, s.default]));
    expect(declared).toEqual(typed);
  });

  it('use only context keys that are set somewhere', () => {
    const clauses = [
      ...Object.values(contributes.menus).flat(),
      ...contributes.keybindings,
      ...contributes.viewsWelcome,
    ].map(({ when }) => when ?? '');
    const enablement = [...text.matchAll(/"enablement": "([^"]*)"/g)].map((match) => match[1] as string);
    const keys = Object.values<string>(table.contextKeys);
    const names = [...clauses, ...enablement].flatMap((clause) => clause.match(/hakmemLab\.\w+/g) ?? []);
    for (const name of names) expect([...keys, table.viewIds.presets]).toContain(name);
    for (const key of keys) expect(names).toContain(key);
  });

  it('name the same views, panel, and colors', () => {
    expect(contributes.viewsContainers.activitybar.map(({ id }) => id)).toEqual([table.viewIds.container]);
    expect(contributes.views[table.viewIds.container]?.map(({ id }) => id)).toEqual([table.viewIds.presets]);
    expect(activationEvents).toContain(`onWebviewPanel:${table.panelViewType}`);
    const { annotation, heat, ruler } = table.colorIds;
    expect(heat).toHaveLength(table.heatSteps);
    expect(contributes.colors.map(({ id }) => id).sort()).toEqual([annotation, ...heat, ...ruler].sort());
    for (const { defaults } of contributes.colors) {
      expect(Object.keys(defaults).sort()).toEqual(['dark', 'highContrast', 'highContrastLight', 'light']);
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
