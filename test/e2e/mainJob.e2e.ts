import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProfileDocument } from '../../src/model/profileDocument.js';
import { percent } from '../../src/text/numbers.js';
import { headlessResult, openLabWindow, savedRuns } from './support/window.mjs';

const preset = 'C6_HEAVY_LEGACY_POOLV1';
const profiling = 90_000;

type Window = Awaited<ReturnType<typeof openLabWindow>>;

/** What a newcomer does: open the folder, profile a preset from the sidebar, read the source and the panel. */
describe('the main job', () => {
  let window: Window;
  let result: ProfileDocument;
  let allowed = false;

  beforeAll(async () => {
    window = await openLabWindow();
  });
  afterAll(() => window.close());

  /** Profiles the preset by the button on its item; resolves with the headless result of that very run. */
  async function profileFromSidebar(): Promise<ProfileDocument> {
    const { workbench, workspace } = window;
    const before = savedRuns(workspace);
    await workbench.openActivityView('HAKMEM Lab');
    const item = await workbench.treeItem(preset, { view: 'Presets' });
    await item.inline('Profile Preset...');
    if (!allowed) {
      const shown = await workbench.allowPreset();
      for (const part of [preset, 'Build: make', 'build/bench', `Folder: ${workspace}`])
        expect(shown).toContain(part);
    }
    allowed = true;
    await workbench.until('a new saved run', () => savedRuns(workspace).length > before.length, profiling);
    await workbench.until('the item’s result', async () => {
      const { label, description } = await workbench.treeItem(preset, { view: 'Presets' });
      return /M /.test(label) && /ops\/s/.test(description);
    });
    return headlessResult(workspace, savedRuns(workspace)[0] as string) as ProfileDocument;
  }

  /** The hottest function that is defined in the workspace. */
  function hottest(document: ProfileDocument) {
    const found = document.functions.find((f) => f.file?.startsWith(window.workspace) && f.line !== null);
    if (!found?.file || found.line === null) throw new Error('no function of the workspace is hot');
    return { ...found, file: found.file, line: found.line };
  }

  async function open(file: string): Promise<void> {
    await window.workbench.openFile(path.relative(window.workspace, file));
  }

  async function annotationsAt(file: string, line: number): Promise<string[]> {
    await window.workbench.gotoLine(line);
    const lines = await window.workbench.lineAnnotations(path.basename(file));
    return lines.find((l) => l.lineNumber === line)?.after ?? [];
  }

  it('lists the presets and profiles one by the button on its item', async () => {
    const { workbench } = window;
    await workbench.openActivityView('HAKMEM Lab');
    for (const name of [preset, 'C7_SAFE', 'LEGACY', 'LEGACY_FLATTEN']) await workbench.treeItem(name);
    result = await profileFromSidebar();
    expect(result.samples).toBeGreaterThan(500);
  });

  it('shows the flame graph: drawn frames by name and color, each with its share', async () => {
    const frame = await window.workbench.webview(/HAKMEM Lab/);
    await frame.locator('[data-frame="worker_run"]').first().waitFor();
    const names = await frame
      .locator('[data-frame]')
      .evaluateAll((all) => all.map((e) => (e as unknown as { dataset: { frame: string } }).dataset.frame));
    const wide = result.functions.filter((f) => f.totalPercent > 4).map((f) => f.name);
    expect(wide.length).toBeGreaterThan(5);
    for (const name of wide) expect(names).toContain(name);

    const share = await frame.locator('[data-frame="worker_run"]').first().getAttribute('data-total-percent');
    const worker = result.functions.find((f) => f.name === 'worker_run');
    expect(Number(share)).toBeCloseTo(worker?.totalPercent ?? -1, 1);

    // What is drawn: the pixels of two frames of different categories differ from each other and from the ground.
    const pixel = (name: string) =>
      frame
        .locator(`[data-frame="${name}"]`)
        .first()
        .evaluate((element) => {
          const canvas = document.querySelector('.flame-canvas') as HTMLCanvasElement;
          const [box, ground] = [element.getBoundingClientRect(), canvas.getBoundingClientRect()];
          const scale = canvas.width / ground.width;
          const x = (box.left - ground.left + 3) * scale;
          const y = (box.top - ground.top + box.height / 2) * scale;
          return [
            ...(canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(x, y, 1, 1).data,
          ].join();
        });
    const [driver, lookup] = [await pixel('worker_run'), await pixel('hak_super_lookup')];
    expect(driver).not.toBe(lookup);
    for (const color of [driver, lookup]) expect(color).not.toMatch(/,0$/);
  });

  it('searches, zooms, and goes to the source of a frame', async () => {
    const { workbench } = window;
    const frame = await workbench.webview(/HAKMEM Lab/);
    const lookup = frame.locator('[data-frame="hak_super_lookup"]').first();
    const before = (await lookup.boundingBox())?.width ?? 0;
    await lookup.scrollIntoViewIfNeeded();
    const box = await lookup.boundingBox();
    if (!box) throw new Error('hak_super_lookup is not drawn');
    await workbench.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await workbench.until('the zoom', async () => ((await lookup.boundingBox())?.width ?? 0) > before * 3);
    await workbench.page.keyboard.press('Home');
    await workbench.until(
      'the whole again',
      async () => Math.abs(((await lookup.boundingBox())?.width ?? 0) - before) < 3,
    );

    await workbench.page.keyboard.press('/');
    await workbench.page.keyboard.type('mid_desc');
    await workbench.until('the matches', async () =>
      /%/.test((await frame.locator('.flame .search-status').textContent()) ?? ''),
    );
    await workbench.page.keyboard.press('Escape');

    const again = await lookup.boundingBox();
    if (!again) throw new Error('hak_super_lookup is not drawn');
    await workbench.page.mouse.dblclick(again.x + again.width / 2, again.y + again.height / 2);
    const source = result.functions.find((f) => f.name === 'hak_super_lookup')?.file ?? '';
    await workbench.until('the source, beside the panel and not over it', async () => {
      const front = (await workbench.tabs()).filter(({ active }: { active: boolean }) => active);
      const groupOf = (text: string) =>
        front.find(({ title }: { title: string }) => title.includes(text))?.group ?? -1;
      const [code, panel] = [groupOf(path.basename(source)), groupOf('HAKMEM Lab')];
      return code >= 0 && panel >= 0 && code !== panel;
    });
  });

  it('breaks the time down by category, as the headless result does, to 100%', async () => {
    const frame = await window.workbench.webview(/HAKMEM Lab/);
    await frame.locator('#tab-categories').click();
    await frame.locator('tr[data-category]').first().waitFor();
    const rows = await frame.locator('tr[data-category]').evaluateAll((all) =>
      all.map((row) => {
        const cells = row as unknown as { dataset: { category: string }; textContent: string };
        return [cells.dataset.category, /(<?[\d.]+) ?%/.exec(cells.textContent)?.[1] ?? ''] as const;
      }),
    );
    const shown = new Map(rows);
    expect(shown.size).toBe(result.categories.length);
    for (const { name, selfPercent } of result.categories) {
      const text = shown.get(name) ?? '';
      expect(text, name).toMatch(/\d/);
      if (text.startsWith('<')) {
        expect(selfPercent, name).toBeLessThan(0.005);
        continue;
      }
      // To the last digit shown.
      const unit = 10 ** -(text.split('.')[1]?.length ?? 0);
      expect(Math.abs(Number(text) - selfPercent), name).toBeLessThan(0.51 * unit);
    }
    expect(Number(await frame.locator('[data-category-sum]').getAttribute('data-category-sum'))).toBeCloseTo(
      100,
      2,
    );
    const bars = await frame.locator('canvas:visible').evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (
        (canvas as HTMLCanvasElement).getContext('2d') as CanvasRenderingContext2D
      ).getImageData(0, 0, width, height);
      const colors = new Set<string>();
      for (let i = 0; i < data.length; i += 4)
        if (data[i + 3] === 255) colors.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
      return colors.size;
    });
    expect(bars).toBeGreaterThan(result.categories.length);
  });

  it('writes the cost behind the signature of hot functions and behind hot lines', async () => {
    const { workbench } = window;
    const { file, line, selfPercent, totalPercent, category } = hottest(result);
    await open(file);
    await workbench.until('the annotation of the function', async () => {
      const texts = (await annotationsAt(file, line)).join(' ');
      return (
        texts.includes(`self ${percent(selfPercent / 100)}`) &&
        texts.includes(`total ${percent(totalPercent / 100)}`) &&
        texts.includes(category)
      );
    });
    const hotLine = result.lines.find((l) => l.file === file);
    expect(hotLine).toBeDefined();
    const share = percent((hotLine?.selfPercent ?? NaN) / 100);
    await workbench.gotoLine(hotLine?.line ?? 0);
    await workbench.until('the share of the hottest line, with its heat', async () => {
      const all = await workbench.lineAnnotations(path.basename(file));
      const found = all.find((l: { lineNumber: number }) => l.lineNumber === hotLine?.line);
      return found?.background !== undefined && found.after.join(' ').includes(share);
    });
    expect((await workbench.overviewRuler(path.basename(file))).length).toBeGreaterThan(0);
    // A line without a sample says nothing.
    const cold = (await workbench.lineAnnotations(path.basename(file))).filter(
      (l: { lineNumber: number; after: string[] }) =>
        l.after.length > 0 &&
        !result.lines.some((c) => c.file === file && c.line === l.lineNumber) &&
        !result.functions.some((f) => f.file === file && f.line === l.lineNumber),
    );
    expect(cold).toEqual([]);
    await workbench.gotoLine(line);
    const hover = await workbench.hover(line);
    expect(hover).toContain(percent(selfPercent / 100));
    expect(hover).toContain('cpu-clock:u');
  });

  it('hides and shows the annotations by a command', async () => {
    const { workbench } = window;
    const { file, line } = hottest(result);
    await open(file);
    await workbench.runCommand('HAKMEM Lab: Toggle Annotations');
    await workbench.until('no annotation', async () => (await annotationsAt(file, line)).length === 0);
    await workbench.runCommand('HAKMEM Lab: Toggle Annotations');
    await workbench.until('the annotation', async () =>
      (await annotationsAt(file, line)).join().includes('self '),
    );
  });

  it('comes back as it was when it was hidden, and with the run when the window is reloaded', async () => {
    const { workbench } = window;
    await workbench.runCommand('HAKMEM Lab: Show Panel');
    const category = (await workbench.webview(/HAKMEM Lab/)).locator('tr[data-category="Front Gate"]');
    await category.waitFor();
    await workbench.reload();
    await workbench.runCommand('HAKMEM Lab: Show Panel');
    // Which tab was in front is not asked: a browser may cut short what VS Code saves while it unloads.
    const frame = await workbench.webview(/HAKMEM Lab/, { timeout: 30_000 });
    await frame.locator('#tab-categories').click();
    await frame.locator('tr[data-category="Front Gate"]').waitFor();
    const { file, line } = hottest(result);
    await open(file);
    await workbench.until('the annotation', async () =>
      (await annotationsAt(file, line)).join().includes('self '),
    );
  });

  it('lists the compiler’s errors, and after the fix shows the new figures', async () => {
    const { workbench, workspace } = window;
    const file = path.join(workspace, 'bench/bench_mid_large_mt.c');
    const source = readFileSync(file, 'utf8');
    const at =
      source.split('\n').findIndex((text) => /\bworker_run\(/.test(text) && !text.trimEnd().endsWith(';')) +
      1;
    expect(at).toBeGreaterThan(0);

    await open(file);
    await workbench.gotoLine(1);
    const broken = `int broken_on_purpose = not_declared;\n`;
    writeFileSync(file, broken + source);
    await workbench.openActivityView('HAKMEM Lab');
    await (await workbench.treeItem(preset, { view: 'Presets' })).inline('Profile Preset...');
    const failure = await workbench.notification(/build of HAKMEM failed/, { timeout: profiling });
    expect(failure.buttons).toContain('Show Problems');
    const problems = await workbench.problems();
    expect(problems.map((p: { message: string }) => p.message).join('\n')).toMatch(/not_declared/);
    await failure.close();

    // The benchmark itself becomes the hottest: a loop of its own in a function that was not there before.
    const spin = [
      '__attribute__((noinline)) static void spin_on_purpose(void) {',
      '  for (volatile int i = 0; i < 30; i++) {',
      '  }',
      '}',
    ];
    const lines = source.split('\n');
    const open_brace = lines.findIndex((text, i) => i >= at - 1 && text.includes('{'));
    const loop = lines.findIndex((text, i) => i > open_brace && /\bfor \(|\bwhile \(/.test(text));
    const brace = lines.findIndex((text, i) => i >= loop && text.trimEnd().endsWith('{'));
    lines.splice(brace + 1, 0, '    spin_on_purpose();');
    lines.splice(at - 1, 0, ...spin);
    writeFileSync(file, lines.join('\n'));
    const edited = await profileFromSidebar();
    expect(edited.functions[0]?.name).toBe('spin_on_purpose');
    expect(await workbench.problems()).toEqual([]);
    await open(file);
    await workbench.until('the new annotation', async () => {
      const texts = (await annotationsAt(file, at)).join(' ');
      return texts.includes(`self ${percent((edited.functions[0]?.selfPercent ?? NaN) / 100)}`);
    });
    writeFileSync(file, source);
  });

  it('writes the report, and saves it as a page', async () => {
    const { workbench, workspace } = window;
    await workbench.runCommand('HAKMEM Lab: Show Report');
    const offer = await workbench.notification(/written from saved runs/, { timeout: 60_000 });
    await offer.click('Save Report...');
    const name = workbench.page.locator('.quick-input-widget:visible input').first();
    const file = path.join(workspace, `${preset}-report.html`);
    await workbench.until('the name of the file', async () => (await name.inputValue()) === file);
    await name.press('Enter');
    await workbench.until(
      'the page',
      () => existsSync(file) && readFileSync(file, 'utf8').endsWith('</html>\n'),
    );
    const page = readFileSync(file, 'utf8');
    expect(page).toContain('<h2 id="section-0">Summary</h2>');
    expect(page).toContain('spin_on_purpose');
    rmSync(file);
  });

  it('writes no error to the console but the build’s', () => {
    expect(window.workbench.consoleErrors.filter((e: string) => !/not_declared/.test(e))).toEqual([]);
  });
});
