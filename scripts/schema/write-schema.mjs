// `npm run schema`: writes the JSON Schema of documents, `schemas/network-document.json`, from the type `NetworkDocument`, and from that
// the reference, `docs/network/reference.md`. With `--check` it writes nothing, and fails if a file is not current.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { REFERENCE_FILE, referenceText } from './reference.mjs';
import { SchemaOfTypes } from './schema-of-type.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The file, from the root of the project. */
export const SCHEMA_FILE = 'schemas/network-document.json';

/** Returns the text of the schema file. */
export function schemaText() {
  const source = join(root, 'lib/network/documents/document.ts');
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram([source], { ...options, noEmit: true, incremental: false, tsBuildInfoFile: undefined });
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(source)));
  const symbol = exported.find(({ name }) => name === 'NetworkDocument');
  const schemas = new SchemaOfTypes(checker);
  const { $ref } = schemas.of(checker.getDeclaredTypeOfSymbol(symbol));
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A document of rxnetlink/network',
    $ref,
    $defs: schemas.definitions,
  };
  return `${JSON.stringify(schema)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = schemaText();
  for (const [file, content] of [
    [SCHEMA_FILE, text],
    [REFERENCE_FILE, await referenceText(JSON.parse(text))],
  ]) {
    const path = join(root, file);
    if (!process.argv.includes('--check')) writeFileSync(path, content);
    else if (readFileSync(path, 'utf8') !== content) {
      process.stderr.write(`${file} is not current; run npm run schema\n`);
      process.exitCode = 1;
    }
  }
}
