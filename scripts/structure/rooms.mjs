// The rooms of the code and which of them may see which. `.dependency-cruiser.mjs` turns these tables into rules.
// A file that is in none of the rooms is an error too: a new folder gets its place here first.

/** The layers: what each may import, from the bottom up. */
export const layers = {
  'src/model': [],
  'src/statistics': ['src/model'],
  'src/text': ['src/model', 'src/statistics'],
  'src/views': ['src/model', 'src/statistics'],
  'src/wire': ['src/model', 'src/statistics', 'src/text', 'src/views'],
  'src/core': ['src/model', 'src/statistics', 'src/text', 'src/views', 'src/wire'],
  'src/cli': ['src/model', 'src/statistics', 'src/text', 'src/views', 'src/wire', 'src/core'],
  'src/vscode': ['src/model', 'src/statistics', 'src/text', 'src/views', 'src/wire', 'src/core'],
  webview: ['src/model', 'src/statistics', 'src/text', 'src/views', 'src/wire'],
};

/** Layers that run in a browser: nothing of Node in them. */
export const browserLayers = ['src/model', 'src/statistics', 'src/text', 'src/views', 'src/wire', 'webview'];

/** Where programs start. They may import what their layer may, and nothing imports them. */
export const entryPoints = {
  'src/extension.ts': 'src/vscode',
  'src/cli.ts': 'src/cli',
  'webview/main.ts': 'webview',
  'webview/standalone.ts': 'webview',
};

/** Packages that only one place imports: a pattern of the module, and of the files that may. */
export const confined = [
  {
    module: '^vscode$|@types/vscode/',
    to: '^src/(vscode/|extension\\.ts$)',
    why: 'the rest runs without an editor',
  },
  {
    module: '@vscode/webview-ui-toolkit',
    to: '^webview/(toolkit|.+/toolkit)\\.ts$',
    why: 'it is archived, and will be replaced',
  },
];

/** Inside a layer, from the bottom up: a folder or file may import only those before it. */
export const folders = {
  'src/core': [
    'labError',
    'context',
    'process',
    'lab',
    'perfData',
    'symbols',
    'categories',
    'bench',
    'build',
    'perf',
    'import',
    'callgrind',
    'store',
    'export',
    'doctor',
    'page',
    'laboratory',
  ],
  'src/cli': ['failure', 'common', 'options', 'tables', 'exchange', 'program'],
  'src/vscode': [
    'contributions',
    'trust',
    'readOnlyDocuments',
    'format',
    'commands',
    'layout',
    'source',
    'errors',
    'labs',
    'runs',
    'services',
    'tree',
    'annotations',
    'panel',
    'compare',
    'doctor',
    'startup',
    'statusBar',
  ],
  webview: [
    'nonce',
    'palette',
    'names',
    'format',
    'dom',
    'host',
    'theme',
    'menu',
    'toolkit',
    'state',
    'profileData',
    'model',
    'kept',
    'actions',
    'header',
    'exportMenu',
    'tabs',
    'tableRows',
    'functionRow',
    'time',
    'flame',
    'functions',
    'compare',
    'categories',
    'whatif',
  ],
};
