import { omitUndefined } from '../../check/index.js';
import { isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { FamilySchema, GroupSchema, ObjectSchema } from '../../schema/index.js';
import { checkStructs } from './structs/check-structs.js';
import { linkAddresses } from './link-addresses.js';
import type { NoteTaker } from '../report-unlisted-attributes.js';
import { readDefinitions } from './read-definitions.js';
import { readErrors } from './read-errors.js';
import type { Context } from './read-attribute.js';
import { readOperations } from './read-operations.js';
import { readSets } from './read-sets.js';
import { readSubMessages } from './read-sub-messages.js';
import { SpecError } from '../spec-error.js';
import { SpecNode } from './spec-node.js';

/** `NETLINK_GENERIC`. */
const GENERIC = 16;

/**
 * Parses the text of a specification without reading its content.
 *
 * @param text - YAML.
 * @param file - The name of the file, for errors.
 * @throws {@link SpecError} if it is not valid YAML: a syntax error, a duplicate key, an alias without its anchor, too many aliases.
 * @internal
 */
export function parseSpec(text: string, file: string): unknown {
  try {
    return parseYaml(text, file);
  } catch (error) {
    if (error instanceof SpecError) throw error;
    // The yaml package throws errors of several classes, and the engine's RangeError at lists nested too deep.
    throw new SpecError(file, '', (error as Error).message, error);
  }
}

function parseYaml(text: string, file: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: true });
  const [fault] = document.errors;
  if (fault !== undefined)
    throw new SpecError(file, `line ${lineCounter.linePos(fault.pos[0]).line}`, fault.message.split('\n')[0]!, fault);
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || typeof key.value !== 'string') throw new SpecError(file, '', 'a key is not a string');
    },
  });
  if (!isMap(document.contents)) throw new SpecError(file, '', 'must be a mapping');
  return document.toJS() as unknown;
}

/**
 * Converts a specification to a descriptor.
 *
 * @param spec - The result of {@link parseSpec}, with overlays applied.
 * @param file - The name of the file, e.g. `rt-link.yaml`.
 * @param note - Receives notes about harmless oddities.
 * @throws {@link SpecError} if the specification holds anything that the generator does not support; nothing is skipped.
 * @internal
 */
export function readFamily(spec: unknown, file: string, note: NoteTaker = () => undefined): FamilySchema {
  const root = new SpecNode(file, '', spec);
  root.allowKeys(
    'name',
    'protocol',
    'protonum',
    'version',
    'definitions',
    'attribute-sets',
    'sub-messages',
    'operations',
    'mcast-groups',
    'objects',
    'replaces-kernel',
    'errors',
  );
  const definitions = readDefinitions(root);
  const context: Context = {
    ...definitions,
    setNames: new Set(root.list('attribute-sets').map((set) => set.textOf('name'))),
    subMessageNames: new Set(root.list('sub-messages').map((message) => message.textOf('name'))),
  };
  const sets = linkAddresses(root, readSets(root, context), [...definitions.structs.values()]);
  const subMessages = readSubMessages(root, sets, context);
  const protocol = readProtocol(root);
  const groups = readGroups(root, protocol === GENERIC);
  const operations = readOperations(
    root,
    sets,
    groups.map(({ name }) => name),
    context,
    note,
  );
  checkStructs(root, {
    ...definitions,
    enums: [...definitions.enums.values()],
    structs: [...definitions.structs.values()],
    sets,
    subMessages,
    operations,
  });
  return {
    schema: 1,
    name: root.textOf('name'),
    source: file.replace(/\.ya?ml$/, ''),
    protocol,
    ...omitUndefined({ generic: protocol === GENERIC ? { version: root.find('version')?.integer(0, 255) ?? 1 } : undefined }),
    enums: [...definitions.enums.values()],
    structs: [...definitions.structs.values()],
    sets,
    subMessages,
    operations,
    groups,
    ...readObjects(
      root,
      operations.map(({ name }) => name),
    ),
    ...readErrors(
      root,
      operations.map(({ name }) => name),
      sets,
    ),
    ...readTransaction(
      root,
      operations.map(({ name }) => name),
    ),
  };
}

function readProtocol(root: SpecNode): number {
  const kind = root.has('protocol')
    ? root.choice('protocol', ['genetlink', 'genetlink-c', 'genetlink-legacy', 'netlink-raw'])
    : 'genetlink';
  if (kind !== 'netlink-raw')
    return root.has('protonum')
      ? root.get('protonum').fail('only a specification with protocol netlink-raw has a protocol number')
      : GENERIC;
  return root.get('protonum').integer(0, 31);
}

function readGroups(root: SpecNode, byName: boolean): GroupSchema[] {
  const node = root.find('mcast-groups');
  if (node === undefined) return [];
  node.allowKeys('list');
  const seen = new Set<string>();
  return node.list('list').map((entry) => {
    entry.allowKeys('name', 'value', 'flags');
    const name = entry.textOf('name');
    if (seen.has(name)) entry.fail('is listed twice');
    seen.add(name);
    if (!entry.has('value'))
      return byName ? { name } : entry.fail("'value' is missing: the protocol does not report the numbers of its groups");
    return { name, number: entry.get('value').integer(1, 0xffff) };
  });
}

function readObjects(root: SpecNode, operations: readonly string[]): Pick<FamilySchema, 'objects'> {
  if (!root.has('objects')) return {};
  const objects = root.list('objects').map((node): ObjectSchema => {
    node.allowKeys('name', 'operations', 'words');
    const names = node.list('operations').map((entry) => entry.text());
    // An older specification may lack an operation of a newer one.
    const known = names.includes('*') ? operations : names.filter((name) => operations.includes(name));
    return { operations: known, words: node.list('words').map((words) => words.items().map((word) => word.text())) };
  });
  return { objects };
}

function readTransaction(root: SpecNode, operations: readonly string[]): Pick<FamilySchema, 'transaction'> {
  const node = root.get('operations').find('transaction');
  if (node === undefined) return {};
  node.allowKeys('begin', 'end', 'frame');
  const frame = node.get('frame');
  for (const key of ['begin', 'end']) if (!operations.includes(node.textOf(key))) node.get(key).fail('the operation is not defined');
  const fields = Object.entries(frame.value as object).map(
    ([name, value]) => [name, typeof value === 'number' ? value : frame.fail('must hold only numbers')] as const,
  );
  return { transaction: { begin: node.textOf('begin'), end: node.textOf('end'), header: Object.fromEntries(fields) } };
}
