/** speedscope's built application, as its package ships it, in a real browser: an independent reader of our exports. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';

const release = path.resolve('node_modules/speedscope/dist/release');
const origin = 'https://speedscope.test';

export interface Reading {
  /** What it took the file for, in its own words. */
  readonly importedAs: string;
  /** Of the profile that it shows first. */
  readonly title: string;
  /** As its list names them; a file with one profile has no list. */
  readonly profiles: readonly string[];
  /** Name to `total, self` as its table of functions shows them. */
  readonly functions: ReadonlyMap<string, string>;
  readonly errors: readonly string[];
}

export async function readWithSpeedscope(
  browser: Browser,
  name: string,
  content: string | Buffer,
): Promise<Reading> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  try {
    const errors: string[] = [];
    const log: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('dialog', (dialog) => {
      errors.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
      log.push(message.text());
    });
    await page.route('**/*', (route) => {
      const { pathname } = new URL(route.request().url());
      const file = path.join(release, pathname === '/' ? 'index.html' : pathname);
      return existsSync(file) ? route.fulfill({ path: file }) : route.fulfill({ status: 404 });
    });
    await page.goto(`${origin}/`);
    await page.locator('input[type=file]').setInputFiles({
      name,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(content),
    });
    const sandwich = page.getByText('Sandwich');
    await sandwich.waitFor();
    await sandwich.click();
    await page.getByText('Symbol Name').waitFor();
    return { ...(await readPage(page)), importedAs: importedAs(log), errors };
  } finally {
    await page.close();
  }
}

function importedAs(log: readonly string[]): string {
  return log.flatMap((line) => /^Importing as (.*)$/.exec(line)?.[1] ?? [])[0] ?? '';
}

async function readPage(page: Page): Promise<Omit<Reading, 'importedAs' | 'errors'>> {
  // A row is told from others by its cells: total, self, and the name. The list of profiles has other columns.
  const { rows, profiles, title } = await page.evaluate(() => {
    const cells = [...document.querySelectorAll('tr')].map((row) =>
      [...row.querySelectorAll('td')].map((cell) => cell.textContent),
    );
    const toolbar = document.body.innerText.split('\n');
    return {
      rows: cells.filter((row) => /^\S+ \(.*%\)$/.test(row[0] ?? '')),
      profiles: cells.filter((row) => /^\d+$/.test((row[0] ?? '').trim())).map((row) => row[1] ?? ''),
      title: toolbar[toolbar.findIndex((line) => line.includes('Sandwich')) + 1] ?? '',
    };
  });
  const figure = (cell: string | undefined): string => (cell ?? '').replace(/ \(.*$/, '');
  return {
    title,
    profiles,
    functions: new Map(rows.map(([total, self, name]) => [name ?? '', `${figure(total)}, ${figure(self)}`])),
  };
}
