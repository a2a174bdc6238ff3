/** Exports in the tools that they are for: what those show is what the profile holds. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPerfScript } from '../unit/support/importBytes.js';
import { Classifier } from '../../src/core/categories/classifier.js';
import { exportProfile, type ExportFormat } from '../../src/core/export/exportProfile.js';
import { ProfileBuilder } from '../../src/model/builder.js';
import type { Profile } from '../../src/model/profile.js';
import { shortName } from '../../src/text/names.js';
import { percent } from '../../src/text/numbers.js';
import { ofEvent } from '../../src/views/sampleFilter.js';
import { launchBrowser } from '../e2e/support/browser.mjs';
import { fixture, letterCategories } from '../unit/support/fixtures.js';
import { readWithSpeedscope } from './support/speedscope.js';

let browser: Browser;
beforeAll(async () => {
  browser = (await launchBrowser()) as Browser;
}, 60_000);
afterAll(() => browser.close());

const attack = "globalThis.attacked = alert('attacked')";
const hostile = [
  'main',
  `<script>${attack}</script>`,
  `"><img src="x" onerror="${attack}">`,
  `' onload='${attack}`,
  ']]></title><svg xmlns="http://www.w3.org/2000/svg"/>',
  '&lt;b&gt; &amp; &#60;',
  '__proto__',
  'constructor',
  'operator new(unsigned long)',
  'std::map<int, std::vector<char>>::operator[](int const&)',
  'größe_日本_😀',
  'ends with 12',
  'a;b',
];

/** Each name calls the next, in two threads of one process; weights that no rounding makes alike. */
function hostileProfile(names: readonly string[]): Profile {
  const builder = new ProfileBuilder();
  const threads = [1, 2].map((tid) => builder.thread(1, tid, new Map([[tid, `worker<${tid}>`]])));
  let stack = -1;
  names.forEach((name, i) => {
    const func = builder.func({ name, module: '/bin/p', file: '', line: 0 });
    stack = builder.stack(stack, builder.frame(func, '', 0, false));
    builder.sample(stack, threads[i % 2] as number, i, 1000 + i);
  });
  return builder.finish([{ name: 'instructions' }, { name: 'page-faults' }], []);
}

function write(profile: Profile, format: ExportFormat, title = 'A title'): string | Buffer {
  const shown = ofEvent(profile);
  const classifier = new Classifier(letterCategories);
  return exportProfile({ profile: shown, all: profile, classifier, title }, format);
}

/** By name, total and self of the first event, straight from the samples; recursion counts once. */
function weights(profile: Profile): Map<string, { total: number; self: number }> {
  const { stacks, frames, functions, strings, samples } = profile;
  const sums = new Map<string, { total: number; self: number }>();
  for (let i = 0; i < samples.length; i++) {
    if (samples.event[i] !== 0) continue;
    const names: string[] = [];
    for (let at = samples.stack[i] as number; at >= 0; at = stacks.parent[at] as number) {
      const func = frames.func[stacks.frame[at] as number] as number;
      names.push(strings[functions.name[func] as number] as string);
    }
    const weight = samples.weight[i] as number;
    for (const name of new Set(names)) {
      const sum = sums.get(name) ?? { total: 0, self: 0 };
      sums.set(name, sum);
      sum.total += weight;
      if (name === names[0]) sum.self += weight;
    }
  }
  return sums;
}

const count = (value: number): string => value.toLocaleString('en-US');
/** speedscope's way of writing nanoseconds. */
const time = (ns: number): string =>
  ns >= 1e6 ? `${(ns / 1e6).toFixed(2)}ms` : ns >= 1e3 ? `${(ns / 1e3).toFixed(2)}µs` : `${ns.toFixed(2)}ns`;
const expected = (profile: Profile, show: (value: number) => string, named = (name: string) => name) =>
  new Map(
    [...weights(profile)].map(([name, { total, self }]) => [named(name), `${show(total)}, ${show(self)}`]),
  );
const sorted = (functions: ReadonlyMap<string, string>) => [...functions].sort();

const formats = [
  ['speedscope', 'p.speedscope.json', 'speedscope json file'],
  ['folded', 'p.folded', 'collapsed stack format'],
  ['pprof', 'p.pb.gz', 'protobuf encoded pprof file'],
] as const;

describe.each(formats)('our %s file in speedscope', (format, file, importedAs) => {
  it('has the functions and weights that perf recorded', async () => {
    const profile = importPerfScript(fixture('variants.srcline.txt'));
    const read = await readWithSpeedscope(browser, file, write(profile, format));
    expect(read.errors).toEqual([]);
    expect(read.importedAs).toBe(importedAs);
    const show = format === 'folded' ? count : time;
    expect(read.functions.size).toBeGreaterThan(3);
    expect(sorted(read.functions)).toEqual(sorted(expected(profile, show)));
  });

  it('has names as they are, whatever they are made of', async () => {
    const profile = hostileProfile(hostile);
    const read = await readWithSpeedscope(browser, file, write(profile, format));
    expect(read.errors).toEqual([]);
    // The format has no other way to write it.
    const named = (name: string) => (format === 'folded' ? name.replaceAll(';', ':') : name);
    expect(sorted(read.functions)).toEqual(sorted(expected(profile, count, named)));
  });
});

describe('a speedscope file', () => {
  it('has one profile for each event and for each of its threads, the shown event first', async () => {
    const recorded = importPerfScript(fixture('events.script.txt'));
    const read = await readWithSpeedscope(browser, 'p.json', write(recorded, 'speedscope'));
    expect(read.title).toBe('cpu-clock (1/2)');
    expect(read.profiles).toEqual(['cpu-clock', 'task-clock']);

    const threads = await readWithSpeedscope(browser, 'p.json', write(hostileProfile(hostile), 'speedscope'));
    expect(threads.profiles).toEqual([
      'instructions',
      'page-faults',
      'instructions · thread worker<1> 1',
      'instructions · thread worker<2> 2',
    ]);
    expect(threads.errors).toEqual([]);
  });
});

describe('the SVG in a browser', () => {
  // What XML cannot hold at all, besides.
  const names = [...hostile, 'bell\u0007 and \ud800 alone'];
  const shown = names.map((name) => name.replaceAll('\u0007', '\ufffd').replaceAll('\ud800', '\ufffd'));

  it('is well-formed, runs and loads nothing, and shows every name at its share', async () => {
    const profile = hostileProfile(names);
    const title = `</title><script>${attack}</script>`;
    const page = await browser.newPage();
    const events: string[] = [];
    page.on('dialog', (dialog) => {
      events.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('pageerror', (error) => events.push(String(error)));
    await page.route('**/*', (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname !== '/p.svg') events.push(`request ${pathname}`);
      return pathname === '/p.svg'
        ? route.fulfill({ body: write(profile, 'svg', title), contentType: 'image/svg+xml' })
        : route.fulfill({ status: 404 });
    });
    await page.goto('https://svg.test/p.svg');
    const drawn = await page.evaluate(() => {
      const all = [...document.querySelectorAll('*')];
      return {
        root: document.documentElement.nodeName,
        elements: [...new Set(all.map(({ nodeName }) => nodeName))].sort(),
        active: all.flatMap(({ attributes }) =>
          [...attributes].map(({ name }) => name).filter((name) => /^on|href|style/i.test(name)),
        ),
        title: document.querySelector('svg > title')?.textContent,
        attacked: 'attacked' in globalThis,
        boxes: [...document.querySelectorAll('g')].map((box) => {
          const label = box.querySelector('text');
          const rect = box.querySelector('rect') as SVGRectElement;
          return {
            tip: box.querySelector('title')?.textContent.split('\n') ?? [],
            label: label?.textContent ?? '',
            rect: rect.width.baseVal.value,
            overhang: label ? label.getBBox().x + label.getBBox().width - rect.getBBox().x : 0,
          };
        }),
      };
    });
    await page.close();
    expect(events).toEqual([]);
    expect(drawn).toMatchObject({ root: 'svg', active: [], attacked: false, title });
    // A document that is not well-formed would hold a `parsererror` instead.
    expect(drawn.elements).toEqual(['g', 'rect', 'svg', 'text', 'title']);

    const sums = [...weights(profile).values()];
    const all = sums[0]?.total ?? 0;
    expect(drawn.boxes.map(({ tip }) => tip[0])).toEqual(shown);
    drawn.boxes.forEach(({ tip, rect, label, overhang }, i) => {
      const { total, self } = sums[i] as { total: number; self: number };
      expect(tip[1]).toBe(`${percent(total / all)} total, ${percent(self / all)} self`);
      expect(rect).toBeCloseTo((1180 * total) / all, 1);
      expect(overhang).toBeLessThanOrEqual(rect);
      // The tooltip has the whole name, and the box its short form.
      expect(shortName(shown[i] as string).startsWith(label.replace(/…$/, ''))).toBe(true);
      expect(label).not.toBe('');
    });
  });
});
