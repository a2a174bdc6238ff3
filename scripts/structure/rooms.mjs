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
  'webview/experimentMain.ts': 'webview',
};

/** Packages that only one place imports: a pattern of the module, and of the files that may. */
export const confined = [
  {
    module: '^(node:)?child_process$|node_modules/execa/',
    to: '^(src/core/(process/children|symbols/(lineProcess|debugFile))\\.ts$)',
    why: 'every child process is bounded, canceled, and ended by src/core/process',
  },
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
  {
    module: 'node_modules/zod/',
    to: '^src/core/zod\\.ts$',
    why: 'its messages and validators are set there, before the first schema is made',
  },
];

/**
 * Inside a layer, from the bottom up: a folder or file may import only those before it. Those in one list are
 * side by side and do not import one another.
 * @type {Record<string, (string | string[])[]>}
 */
export const folders = {
  'src/core': [
    ['errorCodes', 'files', 'zod', 'timeLimit'],
    'labError',
    ['context', 'memoryLimit'],
    'outputFile',
    ['lab', 'process'],
    ['build', 'bench'],
    'perf',
    'symbols',
    ['categories', 'machineCode'],
    'environment',
    'perfData',
    'import',
    'callgrind',
    'export',
    'store',
    ['page', 'doctor', 'programs', 'pack'],
    'laboratory',
    'experiments',
    ['agents', 'report', 'experimentPages'],
  ],
  'src/cli': [
    ['streams', 'terminal', 'progress', 'agentProtocol'],
    'failure',
    ['output', 'options', 'places', 'tables', 'start'],
    ['common', 'baseProgram', 'importCommand'],
    ['doctorTable', 'experimentTables'],
    ['annotate', 'exchange', 'experiments', 'mcp', 'pack', 'report', 'runs'],
    ['gate', 'searches'],
    'program',
    'main',
    'importMain',
  ],
  'src/vscode': [
    'shared',
    'labs',
    'runs/shown',
    'runs/history',
    'runs/execution',
    'runs/list',
    ['compare', 'doctor', 'presets', 'record', 'source'],
    'annotations',
    ['programs', 'experiments', 'navigation'],
    ['export', 'hotspots', 'machineCode'],
    'panel',
    ['agents', 'startup', 'status', 'viewer', 'welcome'],
  ],
  webview: [
    'text',
    'store',
    'comparison',
    'ui',
    ['graph', 'experiment'],
    ['tabs/texts', 'tabs/keptScroll', 'tabs/actions'],
    'tabs/tab',
    'tabs/frames',
    'timeline',
    'shell',
    ['tabs/flame', 'tabs/categories', 'tabs/functions', 'tabs/calltree', 'tabs/compare', 'tabs/whatif'],
  ],
};
