import { FieldError } from '../../common/field-error.js';
import type { Work } from '../../common/slices.js';
import { shown } from '../../fields/check.js';
import { normalise, type Shape } from '../../fields/shape.js';
import type { Firewall } from '../../firewall/index.js';
import { checkFirewall } from '../../firewall/plan/plan-firewall.js';
import { keepTables } from '../../firewall/plan/wanted-table.js';
import type { NetworkDocument } from '../document.js';
import type { DocumentModels } from '../plan/planned-change.js';
import { checkDocument } from './check-document.js';
import { parseLink } from './parse-link.js';
import { objectOf, parseLongList, parseObject } from './parse-object.js';
import { parseOwns } from './parse-owns.js';
import type { ParsedDocument, ParsedLink, ParsedObject, ProtocolTable } from './parsed-document.js';
import { at, workAt } from './path.js';

const OBJECTS: readonly ProtocolTable[] = ['routes', 'rules', 'nexthops'];

const asGiven = (value: unknown): unknown => value;

const SHAPE: Shape = {
  fields: {
    version: (value, path) => {
      if (value !== 1) throw new FieldError(path, `expected 1, not ${shown(value)}`);
      return value;
    },
    $schema: (value, path) => {
      if (typeof value !== 'string') throw new FieldError(path, `expected the address of a JSON Schema, not ${shown(value)}`);
      return value;
    },
    ...Object.fromEntries(['links', ...OBJECTS, 'firewall', 'namespaces', 'owns'].map((name) => [name, asGiven])),
  },
  unlisted: ['$schema'],
};

/** Parses a document and checks it as a whole. @throws FieldError with the path in the document. @internal */
export function* readDocument(models: DocumentModels, value: unknown): Work<ParsedDocument> {
  const parsed = yield* parse(models, value, true);
  yield* checkDocument(models, parsed);
  return parsed;
}

function* parse(models: DocumentModels, value: unknown, isOuter: boolean): Work<ParsedDocument> {
  const given = normalise(SHAPE, value) as Readonly<Record<string, unknown>>;
  if (given['version'] === undefined) throw new FieldError('version', 'is required; write 1');
  const parseOne = (link: unknown, index: number): ParsedLink => parseLink(models, link, `links[${index}]`);
  const links = given['links'] === undefined ? [] : yield* parseLongList('links', given['links'], parseOne);
  const vrfTables = vrfTablesOf(links);
  const objects: Partial<Record<ProtocolTable, readonly ParsedObject[]>> = {};
  for (const table of OBJECTS) {
    if (given[table] === undefined) continue;
    objects[table] = yield* parseLongList(table, given[table], (object, index) => parseObject(models[table], object, index, vrfTables));
  }
  const owns = given['owns'] === undefined ? {} : at('owns', () => parseOwns(models, given['owns'], vrfTables));
  const namespaces =
    given['namespaces'] === undefined ? new Map<string, null>() : yield* parseNamespaces(models, given['namespaces'], isOuter);
  const firewall = given['firewall'] === undefined ? undefined : at('firewall', () => parseFirewall(given['firewall']));
  return { document: value as NetworkDocument, links, objects, owns, firewall, namespaces };
}

/** Checks the firewall by itself, and returns a copy of it as it was given. */
function parseFirewall(value: unknown): Firewall {
  const firewall = { ...objectOf(value) } as unknown as Firewall;
  keepTables(firewall);
  checkFirewall(firewall);
  return firewall;
}

function* parseNamespaces(models: DocumentModels, value: unknown, isOuter: boolean): Work<ReadonlyMap<string, ParsedDocument | null>> {
  // Names of network namespaces are those of the host, not of another namespace.
  if (!isOuter) throw new FieldError('namespaces', 'the document of a namespace has no namespaces; list them in the outer document');
  const given = at('namespaces', () => objectOf(value));
  const namespaces = new Map<string, ParsedDocument | null>();
  for (const [name, document] of Object.entries(given)) {
    const path = `namespaces.${name}`;
    if (name === '' || /[/\0]/.test(name) || name === '.' || name === '..')
      throw new FieldError(path, 'expected the name of a network namespace, without a slash');
    namespaces.set(name, document === null ? null : yield* workAt(path, () => parse(models, document, false)));
  }
  return namespaces;
}

/** Returns the routing tables of the VRFs that a document describes, by name. */
function vrfTablesOf(links: readonly ParsedLink[]): ReadonlyMap<string, number> {
  return new Map(
    links.flatMap(({ name, wanted }) => {
      const { table } = (wanted['vrf'] ?? {}) as { readonly table?: number };
      return table === undefined ? [] : [[name, table] as const];
    }),
  );
}
