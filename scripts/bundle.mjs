// Writes the package's JavaScript: one file for each entry point, and chunks for the code that they share. Hundreds of small modules
// would take longer to load than to run at start.
//
// The tables of the command have a bundle of their own with their part of RxJS: loading RxJS from its many files takes longer than `rxnetlink links`.
// Both bundles share the descriptors of the families, which are most of the data. The other commands use the library's chunks: a second copy of
// it would be a fifth of the package.
//
// tsc writes the declarations into .cache/types, without internal names. Only declarations that an entry point reaches are published.
// Each entry point imports the package root: a program that imports only `rxnetlink/families/rt-link` infers types that the root
// exports, and TypeScript names a type only by a module that the program has loaded (TS2742, TS2883).
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { build, transform } from 'esbuild';
import { parse } from 'yaml';
import { filesBelow, root } from './prepare.mjs';
import { withClassNames } from './support/class-names.mjs';
import { closeClasses } from './support/close-classes.mjs';
import { joinDeclarations, withLessIndentation } from './support/generated-declarations.mjs';

/** The generated modules: each ends with a descriptor, which becomes a file of its own. */
const GENERATED = 'lib/families/generated';
/** The prefix of the name of a descriptor's module. */
const DESCRIPTOR = 'descriptor:';
/** The parts of the command that use the library's chunks, below lib/cli: the command loads each of them when it needs it. */
const PARTS = [
  ...['decode', 'record', 'replay', 'trace'].map((part) => `decode/${part}`),
  ...['apply', 'export', 'plan', 'reconcile'].map((part) => `documents/${part}`),
  ...['describe', 'list-families', 'listen', 'run-operation'].map((part) => `families/${part}`),
  ...['all-namespaces', 'namespaces', 'tables/firewall'].map((part) => `listings/${part}`),
  'dashboard/dashboard',
  'exporter/exporter',
  'fleet/agent',
  'fleet/fleet',
  'monitor/monitor',
  'top/top',
];

const { name, exports, bin, dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const sourceOf = (output) => join(root, output.replace(/^\.\/dist\//, 'lib/').replace(/\.js$/, '.ts'));
const entryPoints = Object.values(exports)
  .filter((entry) => typeof entry === 'object' && entry !== null)
  .map((entry) => ({ in: sourceOf(entry.default), out: entry.default.replace(/^\.\/dist\/|\.js$/g, '') }));
const parts = PARTS.map((part) => ({ in: join(root, 'lib/cli', `${part}.ts`), out: `cli/${part}` }));
const descriptors = readdirSync(join(root, GENERATED)).map((file) => basename(file, '.ts'));

for (const file of filesBelow('dist')) if (/\.(?:js|js\.map|d\.ts|yaml)$/.test(file)) rmSync(join(root, file));
const common = {
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Node prints the whole line of an uncaught error, so lines are short.
  lineLimit: 240,
};
const { metafile } = await build({
  ...common,
  entryPoints: [
    ...entryPoints,
    ...parts,
    ...descriptors.map((family) => ({ in: DESCRIPTOR + family, out: `families/descriptors/${family}` })),
  ],
  outdir: 'dist',
  metafile: true,
  chunkNames: 'chunks/[hash]',
  // Identifiers are kept for stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  external: Object.keys({ ...dependencies, ...peerDependencies }).flatMap((name) => [name, `${name}/*`]),
  plugins: [descriptorFiles(), oneLibrary()],
  // The import of the root is there for the chunks only; its modules have no side effects.
  logOverride: { 'ignored-bare-import': 'silent' },
});
for (const file of Object.keys(metafile.outputs)) {
  const path = join(root, file);
  // esbuild breaks lines in lists only, and several classes would be on one.
  writeFileSync(path, withClassNames(readFileSync(path, 'utf8')).replaceAll(/;(?=var \w+=class\b)/g, ';\n'));
}
const chunks = chunksOfDescriptors();
await build({
  ...common,
  entryPoints: Object.values(bin).map(sourceOf),
  outdir: 'dist/cli',
  chunkNames: '[hash]',
  minify: true,
  // For `node`, RxJS has CommonJS modules only, and a bundle of those contains all of it.
  platform: 'neutral',
  conditions: ['es2015'],
  external: ['node:*', ...Object.keys(dependencies), 'yaml'],
  plugins: [
    descriptorFiles(chunks),
    {
      name: 'modules beside the command',
      setup({ onResolve }) {
        onResolve({ filter: /^commander$/ }, () => ({ path: './commander.js', external: true }));
        onResolve({ filter: /^\.\/.*\.js$/ }, ({ path, resolveDir, kind }) => {
          const part = relative(join(root, 'lib/cli'), join(resolveDir, path)).replace(/\.js$/, '');
          return kind === 'dynamic-import' && PARTS.includes(part) ? { path: `./${part}.js`, external: true } : undefined;
        });
      },
    },
  ],
});
// commander is a CommonJS module, and requires modules of Node: it needs a `require` in a file of its own.
await build({
  ...common,
  entryPoints: [{ in: 'commander', out: 'commander' }],
  splitting: false,
  outdir: 'dist/cli',
  minify: true,
  banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
});
// The page of the dashboard runs in browsers. It contains uPlot, whose licence demands its text in each copy.
const page = join(root, 'dist/dashboard/page');
await build({
  ...common,
  entryPoints: ['main.ts', 'page.css'].map((file) => ({ in: join(root, 'lib/dashboard/page', file), out: 'page' })),
  splitting: false,
  outdir: page,
  minify: true,
  platform: 'browser',
  target: ['es2023', 'chrome120', 'firefox121', 'safari17.2'],
  legalComments: 'none',
});
for (const file of ['index.html', 'favicon.svg']) copyFileSync(join(root, 'lib/dashboard/page', file), join(page, file));
copyFileSync(join(root, 'node_modules/uplot/LICENSE'), join(page, 'LICENSE-uPlot'));
// The specifications of families that the kernel does not describe, without their comments: JSON is YAML.
mkdirSync(join(root, 'dist/specs'), { recursive: true });
for (const file of readdirSync(join(root, 'specs')).filter((name) => name.endsWith('.yaml'))) {
  const withoutDocs = (key, value) => (key === 'doc' && typeof value === 'string' ? undefined : value);
  writeFileSync(join(root, 'dist/specs', file), `${JSON.stringify(parse(readFileSync(join(root, 'specs', file), 'utf8')), withoutDocs)}\n`);
}
for (const output of Object.values(bin)) chmodSync(join(root, output), 0o755);

const subpaths = new Map(
  Object.entries(exports).flatMap(([subpath, { types }]) => (types === undefined ? [] : [[types.replace(/^\.\/dist\//, ''), subpath]])),
);
const declarations = new Set();
const queue = [...subpaths.keys()];
for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
  if (declarations.has(file)) continue;
  declarations.add(file);
  const source = readFileSync(join(root, 'lib', file.replace(/\.d\.ts$/, '.ts')), 'utf8');
  const closed = closeClasses(joinGenerated(file, readFileSync(join(root, '.cache/types', file), 'utf8')), source);
  const text = subpaths.has(file) ? linkEntryPoints(file, closed) : closed;
  const target = join(root, 'dist', file);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, withLessIndentation(text));
  for (const [, path] of text.matchAll(/\b(?:from|import|import\()\s*["'](\.[^"']+)\.js["']/g))
    queue.push(join(dirname(file), `${path}.d.ts`));
}

/** Returns the declarations of an entry point, with import types that name other entry points by their subpath, and the root imported. */
function linkEntryPoints(file, text) {
  const linked = text.replaceAll(/\bimport\(["'](\.[^"']+)\.js["']\)/g, (type, path) => {
    const subpath = subpaths.get(join(dirname(file), `${path}.d.ts`));
    return subpath === undefined ? type : `import("${join(name, subpath)}")`;
  });
  return subpaths.get(file) === '.' ? linked : `${linked}import type {} from '${name}';\n`;
}

/**
 * Returns the declarations of a file with those of the generated module that it exports: one file for each family. Other files take the types
 * of a generated module from the family.
 */
function joinGenerated(file, text) {
  const own = basename(file, '.d.ts');
  const exported = `export * from './generated/${own}.js';\n`;
  if (dirname(file) !== 'families' || !text.includes(exported)) return text.replaceAll(/(?<=from '\.[./]*\/)generated\//g, '');
  const written = text.replace(exported, '').replace(new RegExp(`^import .*'./generated/${own}\\.js';\\n`, 'gm'), '');
  const generated = readFileSync(join(root, '.cache/types/families/generated', `${own}.d.ts`), 'utf8');
  return joinDeclarations(written.replaceAll("'./generated/", "'./"), generated);
}

/** Returns the chunk of each descriptor, and deletes the files that only export it again. */
function chunksOfDescriptors() {
  const chunkOf = (family) => {
    const stub = `dist/families/descriptors/${family}.js`;
    const [chunk, ...others] = metafile.outputs[stub].imports
      .map(({ path }) => path)
      .filter((path) => Object.keys(metafile.outputs[path].inputs).includes(`descriptor:${family}`));
    if (chunk === undefined || others.length > 0) throw new Error(`${stub}: the descriptor is not in one chunk`);
    rmSync(join(root, stub));
    return [family, `../${relative('dist', chunk)}`];
  };
  return new Map(descriptors.map(chunkOf));
}

/**
 * A plugin that makes a module of each descriptor.
 *
 * @param files - The files with the descriptors of another build; if they are omitted, this build writes them.
 */
function descriptorFiles(files) {
  /** Returns the parts of a generated module: its types and constants, then the descriptor with its name. */
  const partsOf = (family) => {
    const text = readFileSync(join(root, GENERATED, `${family}.ts`), 'utf8');
    const start = text.search(/^export const \w+Schema: /m);
    return [text.slice(0, start), text.slice(start), /export const (\w+)/.exec(text.slice(start))[1]];
  };
  return {
    name: 'descriptors',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^${DESCRIPTOR}`) }, ({ path }) => {
        const family = path.slice(DESCRIPTOR.length);
        return files === undefined
          ? { path: family, namespace: 'descriptor', sideEffects: false }
          : { path: files.get(family), external: true };
      });
      onLoad({ filter: /.*/, namespace: 'descriptor' }, async ({ path }) => {
        const [, source, descriptor] = partsOf(path);
        return { contents: lazyDescriptor(descriptor, await valueOf(source, descriptor)), loader: 'js' };
      });
      onLoad({ filter: new RegExp(`${GENERATED}/[^/]+\\.ts$`) }, ({ path }) => {
        const [types, , descriptor] = partsOf(basename(path, '.ts'));
        return { contents: `${types}export { ${descriptor} } from '${DESCRIPTOR}${basename(path, '.ts')}';`, loader: 'ts' };
      });
    },
  };
}

/**
 * A plugin that makes each entry point load the package root, except those of the schema room, which also run in browsers. esbuild writes a chunk
 * for each set of entry points that share code: with this, the library has few large chunks. Each file more costs Node.js as much time as 20 kB.
 */
function oneLibrary() {
  const library = join(root, 'lib/index.ts');
  const loaders = new Set(
    [...entryPoints, ...parts].map((entry) => entry.in).filter((file) => file !== library && !/\/schema\//.test(file)),
  );
  return {
    name: 'one library',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^library$/ }, () => ({ path: library, sideEffects: true }));
      onLoad({ filter: /\.ts$/, namespace: 'file' }, ({ path }) =>
        loaders.has(path) ? { contents: `${readFileSync(path, 'utf8')}\nimport 'library';`, loader: 'ts' } : undefined,
      );
    },
  };
}

/** Returns the value of the source of a descriptor. */
async function valueOf(source, descriptor) {
  const { code } = await transform(source, { loader: 'ts', format: 'esm' });
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`))[descriptor];
}

/**
 * Returns a module with a descriptor whose lists are parsed when one of them is needed: a program that has a client of a family rarely uses it
 * at once, and JavaScript reads text in less time than objects.
 */
function lazyDescriptor(name, descriptor) {
  const entries = Object.entries(descriptor);
  const lists = Object.fromEntries(entries.filter(([, value]) => Array.isArray(value)));
  const text = JSON.stringify(lists);
  if (!isDeepStrictEqual(JSON.parse(text), lists)) throw new Error(`${name} is not JSON`);
  const others = entries.filter(([property]) => !Object.hasOwn(lists, property));
  const members = [
    ...others.map(([property, value]) => `${property}: ${JSON.stringify(value)}`),
    ...Object.keys(lists).map((property) => `get ${property}() { return lists().${property}; }`),
  ];
  return `let parsed;
const lists = () => parsed ??= JSON.parse(${JSON.stringify(text)});
export const ${name} = { ${members.join(', ')} };`;
}
