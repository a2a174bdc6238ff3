import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * Where files are written, made, and removed: what came with a workspace may have links anywhere, and a path from outside
 * is never used as it is. All others go through the first two.
 */
const mayWrite = [
  // What the user names as an output, and what is in the folder of the store.
  'src/core/outputFile.ts',
  'src/core/store/ownFolder.ts',
  // The user's own key, where only the user reads it.
  'src/core/store/seal.ts',
  // Makes the lock appear at once, by a link.
  'src/core/store/lock.ts',
  // Folders for temporary files, made under a random name.
  'src/core/process/narrowPrograms.ts',
  'src/core/process/resourceUsage.ts',
  'src/core/import/source.ts',
  'src/vscode/viewer/localFile.ts',
  // What a tool wrote under a temporary name of the store.
  'src/core/laboratory/recordProfile.ts',
  'src/core/callgrind/valgrind.ts',
  'src/core/perf/stat.ts',
  // Archives of runs, unpacked under names of ours in the user's own folder.
  'src/core/pack/{readPack,unpackedFolder}.ts',
  // The cache that all clients of debuginfod share.
  'src/core/symbols/debuginfod.ts',
  // The folder of a build, whose own commands are executed there.
  'src/core/programs/{cargo,cmake,make,sourceCopy}.ts',
  // The copy of the sample allocator, in the storage of the extension.
  'src/vscode/labs/sampleAllocator.ts',
];
const writing = [
  ...['appendFile', 'chmod', 'chown', 'copyFile', 'cp', 'link', 'mkdir', 'mkdtemp', 'rename', 'rm', 'rmdir'],
  ...['symlink', 'truncate', 'unlink', 'utimes', 'writeFile'],
];
/** Where files are opened for reading: anything else waits for the writer of a pipe, or reads a device without end. */
const mayOpen = [
  'src/core/files.ts',
  'src/core/symbols/elfFile.ts',
  // The memory of this process.
  'src/core/symbols/kernel.ts',
  // Also streams, on purpose.
  'src/core/import/source.ts',
];
const opening = { importNames: ['open', 'readFile'], message: 'Read through src/core/files.ts.' };
const message = 'Write through src/core/outputFile.ts or src/core/store/ownFolder.ts.';
const fileSystem = [
  { name: 'node:fs/promises', importNames: writing, message },
  {
    name: 'node:fs',
    importNames: [
      'promises',
      'createWriteStream',
      'writeSync',
      ...writing,
      ...writing.map((name) => `${name}Sync`),
    ],
    message,
  },
];

// What may import what is checked by dependency-cruiser: .dependency-cruiser.mjs.
export default tseslint.config(
  {
    ignores: [
      'dist/',
      'native/',
      'node_modules/',
      '.vscode-test/',
      '.hakmem-lab/',
      'test/fixtures/',
      'test/e2e/.artifacts/',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'URL',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'fetch',
          'AbortController',
          'AbortSignal',
          'Buffer',
          'document',
          'window',
          'getComputedStyle',
          'performance',
          'structuredClone',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: mayWrite,
    rules: { 'no-restricted-imports': ['error', { paths: [...fileSystem, 'write-file-atomic'] }] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: [...mayOpen, 'src/core/outputFile.ts', 'src/core/store/ownFolder.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'node:fs/promises', ...opening },
            { name: 'node:fs', ...opening, importNames: ['createReadStream', 'open', 'openSync'] },
          ],
        },
      ],
    },
  },
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      eqeqeq: 'error',
    },
  },
);
