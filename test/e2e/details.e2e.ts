import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLabWindow, root } from './support/window.mjs';

/** The page that the editor shows of the installed extension. */
describe('the page of the extension', () => {
  let window: Awaited<ReturnType<typeof openLabWindow>>;
  beforeAll(async () => {
    window = await openLabWindow({ lab: false });
  });
  afterAll(() => window.close());

  it('shows every picture of the README', async () => {
    const { workbench } = window;
    await workbench.openActivityView('Extensions');
    await workbench.page.locator('.extension-list-item', { hasText: 'HAKMEM Lab' }).first().click();
    const page = await workbench.webview(async (frame) => (await frame.locator('img').count()) > 0);
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    const pictures = [...readme.matchAll(/!\[([^\]]*)\]/g)].map((match) => match[1]);
    const loaded = () =>
      page
        .locator('img')
        .evaluateAll((all) =>
          all.flatMap((image) =>
            (image as HTMLImageElement).naturalWidth > 0 ? [image.getAttribute('alt')] : [],
          ),
        );
    await workbench.until('the pictures', async () => (await loaded()).length >= pictures.length);
    expect(await loaded()).toEqual(pictures);
  });
});
