import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // Patience, not a limit: on a busy machine compilers and recordings take many times as long.
          testTimeout: 120_000,
          alias: { vscode: path.resolve('test/unit/support/vscode.ts') },
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.browser.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.ts'],
          // One editor, one machine to measure on: the end-to-end tests run one after another.
          fileParallelism: false,
          // VS Code itself loses a click now and then; what needed a second try is printed with `(retry x1)`.
          retry: 1,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
