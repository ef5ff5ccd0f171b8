// Writes the API report of every entry point to etc/ (`npm run api`), or compares it with etc/ (`npm run check:api`).
//
// A type in a signature must be exported, or a user's program cannot name it. API Extractor looks at one entry point at a time;
// here, another entry point may export the type. Families are separate: only rxnetlink/network uses their types. Each public member has a comment, except those of generated
// files.
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import ts from 'typescript';
import { filesBelow, root } from './prepare.mjs';
import { generatedStart, withReleaseTags } from './support/generated-declarations.mjs';

const write = process.argv.includes('--write');
const configFile = join(root, 'api-extractor.json');
const base = ExtractorConfig.loadFile(configFile);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entryPoints = Object.entries(manifest.exports)
  .filter(([, { types }]) => types !== undefined)
  .map(([subpath, { types }]) => {
    const name = join(manifest.name, subpath);
    return { name, types: join(root, types), report: `${subpath === '.' ? name : subpath.slice(2)}.api.md` };
  });

/** The folder with the declarations of families. */
const FAMILIES = join(root, 'dist/families/');

function fail(message) {
  console.error(`rxnetlink: api: ${message}`);
  process.exitCode = 1;
}

/** Returns the options of the build, for declarations: these are checked too. */
function compilerOptions() {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.build.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return { ...options, noEmit: true, emitDeclarationOnly: false, incremental: false, tsBuildInfoFile: undefined, skipLibCheck: false };
}

/** Returns a host that takes the package's own name for that of another package, so that a report imports it, as users do. */
function hostFor(options) {
  const host = ts.createCompilerHost(options);
  const { readFile } = host;
  host.readFile = (file) => (file.startsWith(FAMILIES) ? withReleaseTags(readFile(file)) : readFile(file));
  host.resolveModuleNameLiterals = (literals, file, redirected, moduleOptions, source) =>
    literals.map((literal) => {
      const mode = ts.getModeForUsageLocation(source, literal, moduleOptions);
      const { resolvedModule } = ts.resolveModuleName(literal.text, file, moduleOptions, host, undefined, redirected, mode);
      if (resolvedModule !== undefined && literal.text.split('/')[0] === manifest.name) resolvedModule.isExternalLibraryImport = true;
      return { resolvedModule };
    });
  return host;
}

/** Returns the symbols that the entry points export, except those of families, by name; two symbols of one name are an error. */
function exportedSymbols(program) {
  const checker = program.getTypeChecker();
  const found = new Map();
  for (const { name, types } of entryPoints) {
    if (dirname(name) === `${manifest.name}/families`) continue;
    for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(types)))) {
      const target = targetOf(symbol, checker);
      if ((found.get(symbol.name) ?? target) !== target) fail(`${name}: another entry point exports another ${symbol.name}`);
      found.set(symbol.name, target);
    }
  }
  return found;
}

/** Returns the symbols that the entry points of families export. */
function familySymbols(program) {
  const checker = program.getTypeChecker();
  const families = entryPoints.filter(({ name }) => dirname(name) === `${manifest.name}/families`);
  return new Set(
    families.flatMap(({ types }) =>
      checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(types))).map((symbol) => targetOf(symbol, checker)),
    ),
  );
}

/** Returns the symbol that a name of an import or an export stands for. */
function targetOf(symbol, checker) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

const options = compilerOptions();
const program = ts.createProgram({ rootNames: entryPoints.map(({ types }) => types), options, host: hostFor(options) });
const exported = exportedSymbols(program);
const ofFamilies = familySymbols(program);

/** The entry point whose objects carry the rows of families. */
const ABOVE_FAMILIES = `${manifest.name}/network`;

/** A name that the entry point does not export: in a signature, or in a link. */
const MISSING = /^The symbol "([^"]+)" needs to be exported|The package "rxnetlink" does not have an export "([^"]+)"/;

/** Returns true if another entry point exports the type that a signature uses, or the name that a link of a comment has. */
function isElsewhere(name, { text, sourceFilePath }) {
  const [, forgotten, linked] = MISSING.exec(text) ?? [];
  if (forgotten === undefined) return exported.has(linked);
  if (name === ABOVE_FAMILIES && ofFamilies.has(symbolIn(sourceFilePath, forgotten))) return true;
  // Another type with the same name may be exported.
  return exported.has(forgotten) && exported.get(forgotten) === symbolIn(sourceFilePath, forgotten);
}

/** Returns the symbol that a name stands for in a file; undefined if the file neither declares nor imports it. */
function symbolIn(path, name) {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(path);
  const found =
    file &&
    checker
      .getSymbolsInScope(file, ts.SymbolFlags.Type | ts.SymbolFlags.Alias | ts.SymbolFlags.Value)
      .find((symbol) => symbol.name === name);
  return found && targetOf(found, checker);
}

/** Returns true for a member without a comment that the generator wrote: it has one if the kernel's specification has one. */
function isGenerated({ messageId, sourceFilePath, sourceFileLine }) {
  if (messageId !== 'ae-undocumented') return false;
  const file = program.getSourceFile(sourceFilePath);
  const start = file === undefined ? -1 : generatedStart(file.text);
  return start >= 0 && sourceFileLine > file.getLineAndCharacterOfPosition(start).line;
}

/** Returns true for an error in the declarations of another package, which differ from the options of this one. */
function isForeign({ category, sourceFilePath }) {
  return category === 'Compiler' && sourceFilePath?.includes('/node_modules/') === true;
}

function configOf({ types, report }) {
  const [reportFolder, reportTempFolder] = ['etc', '.cache/api'].map((folder) => join(root, folder, dirname(report)));
  for (const folder of [reportFolder, reportTempFolder]) mkdirSync(folder, { recursive: true });
  const apiReport = { ...base.apiReport, reportFileName: basename(report), reportFolder, reportTempFolder };
  const configObject = { ...base, mainEntryPointFilePath: types, apiReport };
  return ExtractorConfig.prepare({ configObject, configObjectFullPath: configFile, packageJsonFullPath: join(root, 'package.json') });
}

for (const entryPoint of entryPoints) {
  const { name, report } = entryPoint;
  const { apiReportChanged } = Extractor.invoke(configOf(entryPoint), {
    localBuild: write,
    compilerState: { program },
    messageCallback(message) {
      message.handled = true;
      const { category, logLevel, messageId, text, sourceFilePath, sourceFileLine } = message;
      if (category === 'console' || logLevel === 'none' || isGenerated(message) || isForeign(message) || isElsewhere(name, message)) return;
      fail(`${name}: ${messageId}: ${text} (${String(sourceFilePath)}:${String(sourceFileLine)})`);
    },
  });
  if (!apiReportChanged) continue;
  if (write) console.log(`etc/${report} has changed`);
  else fail(`etc/${report} differs from dist/; run \`npm run build:ts && npm run api\` and review the difference`);
}

const reports = new Set(entryPoints.map(({ report }) => join('etc', report)));
for (const file of filesBelow('etc')) if (!reports.has(file)) fail(`${file} is the report of no entry point; delete it`);
