// The reference of documents in Markdown, from their JSON Schema. `npm run schema` writes it.
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

/** The file, from the root of the project. */
export const REFERENCE_FILE = 'docs/network/reference.md';

const INTRODUCTION = [
  '# Documents: reference',
  'Every property of a [document](documents.md), from the types of the library; `npm run schema` writes this page. The [JSON Schema](export.md#json-schema) has the ' +
    'same contents for editors. A property in bold is required. `null` removes a setting; an omitted property is left alone.',
].join('\n\n');

/** Texts of types that their patterns would hide. */
const TYPES = new Map([
  ['number', 'number'],
  ['string', 'text'],
  ['boolean', 'boolean'],
  ['null', '`null`'],
  ['object', 'object'],
]);

/** The most values that a line lists. */
const LISTED = 24;

const nameOf = (ref) => ref.slice('#/$defs/'.length);
const link = (name) => `[${name}](#${name.toLowerCase()})`;
const unique = (values) => [...new Set(values)];

/** Returns a type in words. */
function typeOf(schema) {
  if (schema.$ref !== undefined) return link(nameOf(schema.$ref));
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) {
    const values = schema.enum.slice(0, LISTED).map((value) => `\`${JSON.stringify(value)}\``);
    return `${values.join(' ')}${schema.enum.length > LISTED ? ' and others' : ''}`;
  }
  if (schema.anyOf !== undefined) return unique(schema.anyOf.map(typeOf)).join(', or ');
  if (schema.type === 'array') return schema.items === undefined ? 'list' : `list of ${typeOf(schema.items)}`;
  const examples = schema.examples?.slice(0, LISTED).map((value) => `\`${JSON.stringify(value)}\``);
  if (examples !== undefined) return `text, such as ${examples.join(' ')}`;
  return TYPES.get(schema.type) ?? 'any value';
}

/** Returns the objects in a type that have no section of their own. */
function innerObjects(schema) {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap(innerObjects);
  if (schema.type === 'array' && schema.items !== undefined) return innerObjects(schema.items);
  return schema.properties === undefined ? [] : [schema];
}

/** Returns the lines of the properties of an object, those of inner objects below them. */
function linesOf({ properties, required = [] }, indent = '') {
  return Object.entries(properties ?? {}).flatMap(([name, property]) => {
    const code = required.includes(name) ? `**\`${name}\`**` : `\`${name}\``;
    const meaning = property.description === undefined ? '' : `: ${property.description.replaceAll('\n', ' ')}`;
    // Forms of one object may share properties.
    const inner = unique(innerObjects(property).flatMap((object) => linesOf(object, `${indent}  `)));
    return [`${indent}- ${code} (${typeOf(property)})${meaning}`, ...inner];
  });
}

/** Returns the contents of a section. */
function bodyOf(schema) {
  if (schema.anyOf === undefined) return schema.properties === undefined ? `${typeOf(schema)}.` : linesOf(schema).join('\n');
  const isSingle = (each) => Object.keys(each.properties ?? {}).length === 1;
  const singles = schema.anyOf.filter(isSingle);
  const forms = schema.anyOf.filter((each) => each.properties !== undefined && !isSingle(each));
  const others = schema.anyOf.filter((each) => each.properties === undefined);
  const parts = [
    ...(others.length === 0 ? [] : [`${unique(others.map(typeOf)).join(', or ')}.`]),
    ...(singles.length === 0 ? [] : [`An object with one of these properties:\n\n${singles.flatMap((each) => linesOf(each)).join('\n')}`]),
    ...forms.map((form) => `An object:\n\n${linesOf(form).join('\n')}`),
  ];
  return parts.join('\n\n');
}

/** Returns the names of the sections that a schema refers to, in its order. */
function referencesOf(schema) {
  if (typeof schema !== 'object' || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap(referencesOf);
  return Object.entries(schema).flatMap(([key, value]) => (key === '$ref' ? [nameOf(value)] : referencesOf(value)));
}

/** Returns the text of the page. @param schema - The JSON Schema of documents. */
export async function referenceText({ $ref, $defs }) {
  const names = [nameOf($ref)];
  for (const name of names) names.push(...unique(referencesOf($defs[name])).filter((other) => !names.includes(other)));
  const sections = names.map((name) => [`## ${name}`, $defs[name].description ?? '', bodyOf($defs[name])].filter(Boolean).join('\n\n'));
  const text = [INTRODUCTION, ...sections].join('\n\n');
  return format(text, { ...(await resolveConfig(fileURLToPath(new URL(`../../${REFERENCE_FILE}`, import.meta.url)))), parser: 'markdown' });
}
