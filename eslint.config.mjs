import js from '@eslint/js';
import tseslint from 'typescript-eslint';

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
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      eqeqeq: 'error',
    },
  },
);
