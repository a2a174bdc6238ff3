import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The layers are one-way: webview -> protocol -> core <- cli, extension -> vscode -> {protocol, core}.
 * Each entry names the places that a folder must never import from.
 */
function layer(files, forbidden) {
  return {
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: forbidden.map(([regex, message]) => ({ regex, message, caseSensitive: true })) },
      ],
    },
  };
}

const vscodeModule = ['^vscode$', 'Only src/vscode and src/extension.ts may import vscode.'];
const vscodeLayer = ['(^|/)vscode/', 'This layer lies below src/vscode.'];
const webviewLayer = ['(^|/)webview/', 'The extension host never imports browser code.'];
const coreLayer = ['(^|/)(core|cli)/', 'The webview sees model, views, statistics, text and wire only.'];
const nodeModules = ['^node:', 'The webview, and what it shares with the core, runs in a browser.'];
const protocolModule = ['(^|/)protocol(\\.js)?$', 'The core knows nothing of the webview protocol.'];
const entryPoints = ['(^|/)(extension|cli)(\\.js)?$', 'Entry points are imported by nobody.'];
const toolkit = ['^@vscode/webview-ui-toolkit', 'Only webview/ui/toolkit.ts imports the archived toolkit.'];

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
  layer(['src/core/**/*.ts'], [vscodeModule, vscodeLayer, webviewLayer, protocolModule, entryPoints]),
  layer(
    ['src/{model,statistics,views,text,wire}/**/*.ts'],
    [vscodeModule, vscodeLayer, webviewLayer, coreLayer, nodeModules, entryPoints],
  ),
  layer(['src/cli.ts', 'src/cli/**/*.ts'], [vscodeModule, vscodeLayer, webviewLayer, protocolModule]),
  layer(['src/vscode/**/*.ts'], [webviewLayer, entryPoints]),
  layer(['webview/**/*.ts'], [vscodeModule, vscodeLayer, coreLayer, nodeModules, toolkit, entryPoints]),
  layer(['webview/ui/toolkit.ts'], [vscodeModule, vscodeLayer, coreLayer, nodeModules, entryPoints]),
);
