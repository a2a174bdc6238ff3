// Rules for the imports, made of the tables in scripts/structure/rooms.mjs.
// usage: npm run structure, or for a drawing: npx depcruise src --output-type dot | dot -T svg
import { browserLayers, confined, entryPoints, folders, layers } from './scripts/structure/rooms.mjs';

const code = '^(src|webview)/';
const literally = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const inside = (layer) => `^${literally(layer)}/`;

/** The layer's files; of a program's start, those that its layer may import and the layer itself. */
const layerRules = Object.entries(layers).map(([layer, below]) => ({
  name: `layer ${layer}`,
  comment: `${layer} may import ${below.join(', ') || 'no other layer'}.`,
  severity: 'error',
  from: { path: `^${literally(layer)}/`, pathNot: starts(layer).map((file) => `^${literally(file)}$`) },
  to: { path: code, pathNot: [layer, ...below].map(inside) },
}));

const entryRules = Object.entries(entryPoints).map(([file, layer]) => ({
  name: `start ${file}`,
  comment: `${file} may import ${layer} and what it may import.`,
  severity: 'error',
  from: { path: `^${literally(file)}$` },
  to: { path: code, pathNot: [layer, ...layers[layer]].map(inside) },
}));

/** The path of a folder or file in its layer; a folder inside it with a place of its own is not part of it. */
function room(layer, name) {
  const own = folders[layer].flat().filter((other) => other.startsWith(`${name}/`));
  const others = own.map((other) => `(?!${literally(other.slice(name.length))}[./])`).join('');
  return `^${literally(`${layer}/${name}`)}${others}[./]`;
}

const folderRules = Object.entries(folders).flatMap(([layer, steps]) =>
  steps.flatMap((step, i) => {
    const before = steps.slice(0, i).flat();
    return [step].flat().map((name) => ({
      name: `order ${layer}/${name}`,
      comment: `${layer}/${name} may import only what is before it in the table of ${layer}.`,
      severity: 'error',
      from: { path: room(layer, name) },
      to: { path: inside(layer), pathNot: [...before, name].map((other) => room(layer, other)) },
    }));
  }),
);

/** Files of a layer that its table does not name, found by what they import and by who imports them. */
const placeRules = Object.entries(folders).flatMap(([layer, steps]) => {
  const unplaced = {
    path: inside(layer),
    pathNot: [
      ...steps.flat().map((name) => room(layer, name)),
      ...starts(layer).map((file) => `^${literally(file)}$`),
    ],
  };
  const rule = {
    comment: `The table of ${layer} in scripts/structure/rooms.mjs does not say where this file belongs.`,
    severity: 'error',
  };
  return [
    { ...rule, name: `place in ${layer}`, from: unplaced, to: {} },
    {
      ...rule,
      name: `place in ${layer} (imported)`,
      from: {},
      to: { ...unplaced, pathNot: [...unplaced.pathNot, '\\.css$'] },
    },
  ];
});

function starts(layer) {
  return Object.keys(entryPoints).filter((file) => file.startsWith(`${layer}/`));
}

export default {
  forbidden: [
    ...layerRules,
    ...entryRules,
    ...folderRules,
    ...placeRules,
    {
      name: 'layers are complete',
      comment: 'src and webview hold layers and the starts of programs, nothing else.',
      severity: 'error',
      from: {},
      to: {
        path: code,
        pathNot: [
          ...Object.keys(layers).map(inside),
          ...Object.keys(entryPoints).map((file) => `^${literally(file)}$`),
        ],
      },
    },
    {
      name: 'nothing imports the start of a program',
      severity: 'error',
      from: {},
      to: { path: Object.keys(entryPoints).map((file) => `^${literally(file)}$`) },
    },
    {
      name: 'no Node in the browser',
      comment: 'What the panel imports runs in a browser.',
      severity: 'error',
      from: { path: browserLayers.map(inside) },
      to: { dependencyTypes: ['core'] },
    },
    ...confined.map(({ module, to, why }) => ({
      name: `only ${to} imports ${module}`,
      comment: `Elsewhere ${module} is not imported: ${why}.`,
      severity: 'error',
      from: { path: code, pathNot: to },
      to: { path: module },
    })),
    {
      name: 'no circle',
      comment: 'Files that import one another in a circle cannot be understood one by one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything is found',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'packages are declared',
      comment: 'The package is not in package.json.',
      severity: 'error',
      from: {},
      // What VS Code provides to an extension has only its types in a package.
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/@types/vscode/' },
    },
    {
      name: 'tools are not shipped',
      comment: 'src and webview import packages of "dependencies"; of "devDependencies" types only.',
      severity: 'error',
      from: { path: code },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '/@types/' },
    },
    {
      name: 'nothing above is imported',
      comment: 'Tests, benchmarks and scripts import the code, never the other way round.',
      severity: 'error',
      from: { path: code },
      to: { path: '^(test|bench|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    // With the imports of types, which the compiler leaves out.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
    skipAnalysisNotInRules: true,
  },
};
