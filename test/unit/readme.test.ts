import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { contributions } from '../../scripts/docs/manifest.mjs';
import { packagedReadme } from '../../scripts/readme.mjs';

const readme = readFileSync('README.md', 'utf8');
const pictures = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map((match) => match[1] as string);
const pages = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' }).trim().split('\n');

describe('the documentation', () => {
  it.each(pages)('%s: every link to a file of the project leads to it', (page) => {
    const text = readFileSync(page, 'utf8').replace(/^```[^]*?^```/gm, '');
    const links = [...text.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)].map((match) => match[1] as string);
    const missing = links.filter((link) => !existsSync(path.join(path.dirname(page), link)));
    expect(missing).toEqual([]);
  });

  it('has no picture that the README does not show', () => {
    const there = readdirSync('docs').filter((name) => name.endsWith('.png'));
    expect(there.map((name) => `docs/${name}`).sort()).toEqual([...pictures].sort());
  });

  it('names commands as the palette does', async () => {
    const { commands } = (await contributions()) as { commands: { title: string; category: string }[] };
    const titles = commands.map(({ category, title }) => `${category}: ${title}`);
    const text = pages.map((page) => readFileSync(page, 'utf8')).join('\n');
    const named = [...text.matchAll(/[*_](HAKMEM Lab: [^*_]+)[*_]/g)].map((match) => match[1] as string);
    expect(named.length).toBeGreaterThan(2);
    for (const name of named) expect(titles).toContain(name.replace(/\s+/g, ' '));
  });
});

describe('the README of the package', () => {
  it('carries its pictures, since the editor loads none from the package', async () => {
    const text = await packagedReadme(readme);
    const inside = [...text.matchAll(/!\[[^\]]*\]\(data:image\/png;base64,([^)]+)\)/g)];
    expect(inside.map((match) => match[1])).toEqual(pictures.map((file) => readFileSync(file, 'base64')));
    expect(pictures.length).toBeGreaterThan(5);
    expect(text.replace(/\(data:[^)]*\)/g, '')).not.toContain('.png');
  });

  it('has no link that leads nowhere outside of the project', async () => {
    expect(await packagedReadme('[a](docs/a.md) [b](https://b) [c](#c)')).toBe('a [b](https://b) [c](#c)');
  });
});
