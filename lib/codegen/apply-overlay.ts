import type { NoteTaker } from './report-unlisted-attributes.js';
import type { Overlay, OverlayChange } from './overlay.js';

type Mapping = Record<string, unknown>;

/**
 * Lays an overlay over a parsed specification.
 *
 * @param spec - What {@link parseSpec} gave; it stays as it is.
 * @param note - Takes the entries that were skipped.
 * @returns A specification in the same words, to be read and checked like any other.
 * @internal
 */
export function applyOverlay(spec: unknown, overlay: Overlay, note: NoteTaker): unknown {
  const result = structuredClone(spec) as Mapping;
  const say = (what: string): void => note(`${overlay.source}: overlay: ${what}: skipped`);
  for (const { header: _header, reason: _reason, ...change } of overlay.entries) apply(result, change, say);
  return result;
}

function apply(spec: Mapping, change: OverlayChange, say: NoteTaker): void {
  if ('addDefinitions' in change) return add(listOf(spec, 'definitions'), change.addDefinitions, 'name', say);
  if ('addSets' in change) return add(listOf(spec, 'attribute-sets'), change.addSets, 'name', say);
  if ('addSubMessages' in change) return add(listOf(spec, 'sub-messages'), change.addSubMessages, 'name', say);
  if ('addOperations' in change) return add(listOf(section(spec, 'operations'), 'list'), change.addOperations, 'name', say);
  if ('addGroups' in change) return add(listOf(section(spec, 'mcast-groups'), 'list'), change.addGroups, 'name', say);
  if ('addObjects' in change) return add(listOf(spec, 'objects'), change.addObjects, 'name', say);
  if ('addAttributes' in change) {
    const set = find(listOf(spec, 'attribute-sets'), 'name', change.set, say);
    return set && add(listOf(set, 'attributes'), change.addAttributes, 'name', say);
  }
  if ('addFormats' in change) {
    const message = find(listOf(spec, 'sub-messages'), 'name', change.subMessage, say);
    return message && add(listOf(message, 'formats'), change.addFormats, 'value', say);
  }
  if ('changeOperations' in change) return lay(section(spec, 'operations'), change.changeOperations);
  const target = findTarget(spec, change, say);
  if (target !== undefined) lay(target, change.to);
}

function findTarget(spec: Mapping, change: Extract<OverlayChange, { to: unknown }>, say: NoteTaker): Mapping | undefined {
  if ('changeDefinition' in change) return find(listOf(spec, 'definitions'), 'name', change.changeDefinition, say);
  if ('changeMember' in change) {
    const struct = find(listOf(spec, 'definitions'), 'name', change.struct, say);
    return struct && find(listOf(struct, 'members'), 'name', change.changeMember, say);
  }
  if ('changeOperation' in change) return find(listOf(section(spec, 'operations'), 'list'), 'name', change.changeOperation, say);
  if ('changeGroup' in change) return find(listOf(section(spec, 'mcast-groups'), 'list'), 'name', change.changeGroup, say);
  if ('changeFormat' in change) {
    const message = find(listOf(spec, 'sub-messages'), 'name', change.subMessage, say);
    return message && find(listOf(message, 'formats'), 'value', change.changeFormat, say);
  }
  const set = find(listOf(spec, 'attribute-sets'), 'name', change.set, say);
  return set && find(listOf(set, 'attributes'), 'name', change.changeAttribute, say);
}

function section(spec: Mapping, key: string): Mapping {
  return (spec[key] ??= {}) as Mapping;
}

function listOf(mapping: Mapping, key: string): Mapping[] {
  return (mapping[key] ??= []) as Mapping[];
}

function add(list: Mapping[], entries: readonly object[], key: string, say: NoteTaker): void {
  for (const entry of entries as readonly Mapping[]) {
    if (list.some((other) => other[key] === entry[key])) say(`'${String(entry[key])}' is there already`);
    else list.push(structuredClone(entry));
  }
}

function find(list: readonly Mapping[], key: string, name: string, say: NoteTaker): Mapping | undefined {
  const entry = list.find((candidate) => candidate[key] === name);
  if (entry === undefined) say(`there is no '${name}'`);
  return entry;
}

function lay(target: Mapping, changes: Readonly<Mapping>): void {
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete target[key];
    else target[key] = structuredClone(value);
  }
}
