import { FieldError } from '../common/field-error.js';
import { boolean, integer, linkName, shown, uint32, word, type Check } from '../fields/check.js';
import { requireFields, type Normal, type Shape } from '../fields/shape.js';
import type { Wanted } from '../tables/table-model.js';
import { handle, parseHandle } from '../traffic/handle.js';
import { FILTER_KIND } from '../traffic/kind-filter.js';
import { actions, attributes, requireComplete } from './actions/action-rows.js';
import { filterHandle } from './filter-handle.js';
import { kindOf } from './filter-kinds.js';
import { parentOf } from './filter-rows.js';
import { match, type Match } from './match/match-check.js';
import { PACKET_PROTOCOLS, protocolName, type PacketProtocol } from './protocols.js';
import type { FilterKey, FilterParent, FilterState } from './traffic-filter.js';

const SIDES: readonly FilterParent[] = ['root', 'ingress', 'egress'];

const parent: Check<FilterParent> = (value, path) => {
  if ((SIDES as readonly unknown[]).includes(value)) return value as FilterParent;
  if (typeof value === 'string' && value.includes(':')) return parentOf(parseHandle(handle(value, path)));
  throw new FieldError(path, `expected 'root', 'ingress', 'egress' or a handle such as '1:', not ${shown(value)}`);
};

const protocol: Check<PacketProtocol> = (value, path) => {
  const given = word(Object.keys(PACKET_PROTOCOLS) as Exclude<PacketProtocol, number>[], 0xffff)(value, path);
  return typeof given === 'number' ? protocolName(given) : given;
};

/** Properties that only readers return. @internal */
export const FILTER_STATE: readonly (keyof FilterState)[] = ['linkIndex', 'inHardware'];

/** The properties that writers accept. @internal */
export const filterShape: Shape = {
  fields: {
    link: linkName(127),
    parent,
    chain: uint32,
    priority: integer(1, 0xffff),
    protocol,
    handle: filterHandle,
    kind: FILTER_KIND.kind,
    match,
    to: handle,
    actions,
    skipHardware: boolean,
    skipSoftware: boolean,
    options: attributes,
  },
  nullable: ['match', 'to', 'actions'],
  out: FILTER_STATE,
  aliases: { classid: 'to', flowid: 'to' },
};

const KEY: readonly (keyof FilterKey)[] = ['link', 'parent', 'chain', 'priority', 'protocol', 'handle'];

/** The properties that identify a filter. @internal */
export const filterKeyShape: Shape = {
  fields: Object.fromEntries(KEY.map((name) => [name, filterShape.fields[name]!])),
  out: [...Object.keys(filterShape.fields).filter((name) => !(KEY as readonly string[]).includes(name)), ...FILTER_STATE],
};

/** Checks a filter before it is written. @throws FieldError @internal */
export function checkFilter(wanted: Wanted): void {
  requireFields(wanted, ['link', 'parent', 'priority', 'kind']);
  const { kind, handle: number, match: conditions, skipHardware, skipSoftware } = wanted;
  requireComplete((wanted['actions'] ?? []) as readonly Normal[]);
  const known = kindOf(kind as string);
  if (number !== undefined && (typeof number === 'string') !== (kind === 'u32'))
    throw new FieldError('handle', kind === 'u32' ? "expected a handle such as '800::801'" : 'expected a number');
  if (skipHardware === true && skipSoftware === true) throw new FieldError('skipSoftware', 'excludes skipHardware');
  if (known.match === undefined && Object.keys(conditions ?? {}).length > 0)
    throw new FieldError('match', `kind ${String(kind)} has no fields; use kind flower or u32`);
  // Fields that the kind cannot compare are found before anything is sent.
  known.match?.write((conditions ?? {}) as Match, (wanted['protocol'] ?? 'all') as PacketProtocol);
  if (known.toClass === undefined && (wanted['to'] ?? undefined) !== undefined)
    throw new FieldError('to', `filters of kind ${String(kind)} lead to no class`);
}
