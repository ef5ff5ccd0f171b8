// The JSON Schema of what commands print with --json, made of the type `CommandOutput`. `npm run pages` writes it.
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { SchemaOfTypes } from '../schema/schema-of-type.mjs';

const root = resolve(import.meta.dirname, '../..');

/** Returns the text of the schema: a definition for each command, and those that they share. */
export function outputSchemaText() {
  const source = join(root, 'lib/cli/output-types.ts');
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram([source], { ...options, noEmit: true, incremental: false, tsBuildInfoFile: undefined });
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(source)));
  const type = checker.getDeclaredTypeOfSymbol(exported.find(({ name }) => name === 'CommandOutput'));
  const schemas = new SchemaOfTypes(checker);
  const commands = checker.getPropertiesOfType(type).map((symbol) => [symbol.name, schemas.of(checker.getTypeOfSymbol(symbol))]);
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'What rxnetlink prints with --json: the definition with the name of a command is that of its lines',
    $defs: { ...Object.fromEntries(commands), ...schemas.definitions },
  };
  return `${JSON.stringify(openObjects(schema))}\n`;
}

/** True for what the schema omits: objects may get more properties in later versions, and the descriptions would be 2 % of the package. */
const isOmitted = (name, member) =>
  (name === 'additionalProperties' && member === false) || (name === 'description' && typeof member === 'string');

/** Returns a schema that permits more properties, without descriptions. */
function openObjects(value) {
  if (Array.isArray(value)) return value.map(openObjects);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name, member]) => !isOmitted(name, member));
  return Object.fromEntries(entries.map(([name, member]) => [name, openObjects(member)]));
}
