import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isProfileText, TEXT_HEAD } from '../../../src/core/import/profileText.js';
import { root } from '../support/fixtures.js';

const head = (file: string) => readFileSync(path.join(root, file), 'utf8').slice(0, TEXT_HEAD);

describe('a text that is a profile', () => {
  it.each([
    'calls.script.txt',
    'events.script.txt',
    'dwarf.script.txt',
    'calls.report.txt',
    'calls.callgrind.yes',
  ])('is known by its content: %s', (name) =>
    expect(isProfileText(head(`test/fixtures/${name}`))).toBe(true),
  );

  it.each([
    ['V8', '{"nodes":[{"id":1,"callFrame":{"functionName":"(root)"}}],"startTime":1}'],
    ['the Firefox Profiler', '{"meta":{"interval":1,"preprocessedProfileVersion":50},"threads":[]}'],
    ['Chrome', '{"traceEvents":[{"name":"a"}]}'],
    ['speedscope', '{"$schema":"https://www.speedscope.app/file-format-schema.json","profiles":[]}'],
  ])('is known by its content: JSON of %s', (_, text) => expect(isProfileText(text)).toBe(true));

  it.each([
    'package.json',
    'package-lock.json',
    'README.md',
    'CHANGELOG.md',
    'docs/command-line.md',
    'test/fixtures/calls.addr2line.txt',
    'test/fixtures/stat.csv',
    'src/core/import/profileText.ts',
    'tsconfig.json',
  ])('is not found in %s', (name) => expect(isProfileText(head(name))).toBe(false));
});
