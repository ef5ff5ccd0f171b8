import { areAlike, findAlike, respell } from './alike-names.js';
import type { NoteTaker } from './report-unlisted-attributes.js';
import type { Overlay, OverlayChange } from './overlay.js';

type Mapping = Record<string, unknown>;

/**
 * Applies an overlay to a parsed specification.
 *
 * Names of entries match if they differ only in `_` and `-`; references get the spelling of the specification.
 *
 * @param spec - The result of {@link parseSpec}; it is not changed.
 * @param note - Receives a note for each skipped entry.
 * @returns A specification in the same form; it is read and checked like every other one.
 * @internal
 */
export function applyOverlay(spec: unknown, overlay: Overlay, note: NoteTaker): unknown {
  const result = structuredClone(spec) as Mapping;
  const skip = (what: string): void => note(`${overlay.source}: overlay: ${what}: skipped`);
  for (const { header: _header, reason: _reason, ...change } of overlay.entries)
    apply(result, respell(change, (list) => namesOf(result, list)) as OverlayChange, skip);
  return result;
}

function apply(spec: Mapping, change: OverlayChange, skip: NoteTaker): void {
  if ('addDefinitions' in change) return add(listOf(spec, 'definitions'), change.addDefinitions, 'name', skip);
  if ('addSets' in change) return add(listOf(spec, 'attribute-sets'), change.addSets, 'name', skip);
  if ('addSubMessages' in change) return add(listOf(spec, 'sub-messages'), change.addSubMessages, 'name', skip);
  if ('addOperations' in change) return add(listOf(section(spec, 'operations'), 'list'), change.addOperations, 'name', skip);
  if ('addGroups' in change) return add(listOf(section(spec, 'mcast-groups'), 'list'), change.addGroups, 'name', skip);
  if ('addObjects' in change) return add(listOf(spec, 'objects'), change.addObjects, 'name', skip);
  if ('addAttributes' in change) {
    const set = find(listOf(spec, 'attribute-sets'), 'name', change.set, skip);
    return set && add(listOf(set, 'attributes'), change.addAttributes, 'name', skip);
  }
  if ('addFormats' in change) {
    const message = find(listOf(spec, 'sub-messages'), 'name', change.subMessage, skip);
    return message && add(listOf(message, 'formats'), change.addFormats, 'value', skip);
  }
  if ('changeOperations' in change) return lay(section(spec, 'operations'), change.changeOperations, skip);
  const target = findTarget(spec, change, skip);
  if (target !== undefined) lay(target, change.to, skip);
}

function findTarget(spec: Mapping, change: Extract<OverlayChange, { to: unknown }>, skip: NoteTaker): Mapping | undefined {
  if ('changeDefinition' in change) return find(listOf(spec, 'definitions'), 'name', change.changeDefinition, skip);
  if ('changeMember' in change) {
    const struct = find(listOf(spec, 'definitions'), 'name', change.struct, skip);
    return struct && find(listOf(struct, 'members'), 'name', change.changeMember, skip);
  }
  if ('changeOperation' in change) return find(listOf(section(spec, 'operations'), 'list'), 'name', change.changeOperation, skip);
  if ('changeGroup' in change) return find(listOf(section(spec, 'mcast-groups'), 'list'), 'name', change.changeGroup, skip);
  if ('changeFormat' in change) {
    const message = find(listOf(spec, 'sub-messages'), 'name', change.subMessage, skip);
    return message && find(listOf(message, 'formats'), 'value', change.changeFormat, skip);
  }
  const set = find(listOf(spec, 'attribute-sets'), 'name', change.set, skip);
  return set && find(listOf(set, 'attributes'), 'name', change.changeAttribute, skip);
}

/** Returns the names of the entries of a list in the specification. */
function namesOf(spec: Mapping, key: string): string[] {
  return listOf(key === 'operations' ? section(spec, key) : spec, key === 'operations' ? 'list' : key).map(({ name }) => String(name));
}

function section(spec: Mapping, key: string): Mapping {
  return (spec[key] ??= {}) as Mapping;
}

function listOf(mapping: Mapping, key: string): Mapping[] {
  return (mapping[key] ??= []) as Mapping[];
}

function add(list: Mapping[], entries: readonly object[], key: string, skip: NoteTaker): void {
  for (const entry of entries as readonly Mapping[]) {
    if (list.some((other) => isSame(other, entry, key))) skip(`'${String(entry[key])}' already exists`);
    else list.push(structuredClone(entry));
  }
}

function find(list: readonly Mapping[], key: string, name: string, skip: NoteTaker): Mapping | undefined {
  const entry = key === 'name' ? findAlike(list, ({ name }) => name, name) : list.find((candidate) => candidate[key] === name);
  if (entry === undefined) skip(`'${name}' does not exist`);
  return entry;
}

/** Returns true if two entries have the same key. The `value` of a format is data of the protocol, so its spelling counts. */
function isSame(one: Mapping, other: Mapping, key: string): boolean {
  return key === 'name' ? areAlike(one[key], other[key]) : one[key] === other[key];
}

function lay(target: Mapping, changes: Readonly<Mapping>, skip: NoteTaker): void {
  const before = JSON.stringify(target);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete target[key];
    else target[key] = structuredClone(value);
  }
  if (JSON.stringify(target) === before) skip(`'${String(target['name'])}' is already so`);
}
