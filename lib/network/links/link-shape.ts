import { FieldError } from '../common/field-error.js';
import { rtLinkSchema } from '../../families/rt-link.js';
import {
  boolean,
  hardwareAddress,
  integer,
  linkName,
  list,
  mac,
  newLinkName,
  shown,
  text,
  uint32,
  word,
  type Check,
} from '../fields/check.js';
import { kindName, kindsOf, meantKind } from '../fields/kind-name.js';
import { shapeOf } from '../fields/option-table.js';
import { normalise, object, type Shape } from '../fields/shape.js';
import type { Wanted } from '../tables/table-model.js';
import { kinds } from './kinds/kinds.js';
import type { LinkFields, LinkState, OperationalState } from './link.js';
import { vfs } from './parts/vf.js';
import { vlanRanges } from './parts/vlan-range.js';
import { BOND_PORT } from './ports/bond-port.js';
import { BRIDGE_PORT } from './ports/bridge-port.js';
import { IPV4 } from './settings/ipv4-settings.js';
import { IPV6 } from './settings/ipv6-settings.js';
import { OFFLOAD } from './settings/offload-settings.js';

/** IFNAMSIZ - 1. */
const NAME_LENGTH = 15;

/** ALTIFNAMSIZ - 1. */
const ALTNAME_LENGTH = 127;

/** IFALIASZ - 1. */
const ALIAS_LENGTH = 255;

/** Accepts options in the engine's words; the engine checks them. */
const words: Check = (value, path) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new FieldError(path, `expected an object, not ${shown(value)}`);
};

const kindShapes = Object.fromEntries([...kinds].map(([name, { options }]) => [name, object(shapeOf(options))] as const));

/** Properties that only readers return. @internal */
export const LINK_STATE: readonly (keyof LinkState | 'addresses' | 'statistics')[] = [
  'index',
  'carrier',
  'state',
  'minMtu',
  'maxMtu',
  'permanentMac',
  'peer',
  'elsewhere',
  'driver',
  'addresses',
  'statistics',
];

const FIELDS: Readonly<Record<keyof LinkFields, Check>> = {
  name: linkName(ALTNAME_LENGTH),
  up: boolean,
  mtu: integer(0, 0x7fff_ffff),
  mac,
  alias: text(ALIAS_LENGTH),
  group: uint32,
  txQueueLength: uint32,
  txQueues: integer(1, 4096),
  rxQueues: integer(1, 4096),
  arp: boolean,
  multicast: boolean,
  allMulticast: boolean,
  promiscuous: boolean,
  master: linkName(ALTNAME_LENGTH),
  parent: linkName(ALTNAME_LENGTH),
  altnames: list(linkName(ALTNAME_LENGTH)),
  bridgePort: object(shapeOf(BRIDGE_PORT)),
  bondPort: object(shapeOf(BOND_PORT)),
  offload: object(shapeOf(OFFLOAD)),
  ipv4: object(shapeOf(IPV4)),
  ipv6: object(shapeOf(IPV6)),
};

/** The properties that writers accept. @internal */
export const LINK_SHAPE: Shape = {
  fields: { ...FIELDS, vlans: vlanRanges, vfs, kind: text(NAME_LENGTH), options: words, ...kindShapes },
  nullable: ['alias', 'master'],
  out: LINK_STATE,
  remedies: { state: 'write up: true, or up: false' },
  outChecks: { addresses: readAddresses },
  unlisted: Object.keys(kindShapes),
  inner: innerOptions,
  aliases: { ports: 'the master of each port' },
};

/** Kinds that drivers create, and that no specification has. */
const OF_DRIVERS: readonly string[] = ['can', 'dsa', 'ppp', 'wwan'];

const OPERATIONAL = [
  'up',
  'down',
  'lower-layer-down',
  'dormant',
  'testing',
  'not-present',
  'unknown',
] as const satisfies OperationalState[];

/** The checks of filters that differ from those of writers. @internal */
export const LINK_FILTERS: Readonly<Record<string, Check>> = {
  kind: kindName(() => [...kinds.keys(), ...kindsOf(rtLinkSchema, 'linkinfo-data-msg'), ...OF_DRIVERS]),
  state: word(OPERATIONAL),
  permanentMac: hardwareAddress,
};

/** Returns the options of the kind of a link; without a kind, the option with this name if only one kind has it. */
function innerOptions(option: string, link: object): readonly string[] {
  const { kind } = link as { readonly kind?: string };
  if (kind !== undefined) return Object.keys(kinds.get(kind)?.options ?? {}).map((name) => `${kind}.${name}`);
  const owners = [...kinds].filter(([, { options }]) => Object.hasOwn(options, option));
  return owners.length === 1 ? owners.map(([owner]) => `${owner}.${option}`) : [];
}

/** Accepts the addresses of a link that was read. @throws FieldError if one is text: the caller wants to write it. */
function readAddresses(value: unknown, path: string): void {
  if (Array.isArray(value) && value.some((address) => typeof address === 'string'))
    throw new FieldError(path, 'written by net.addresses.ensure({ link, address })');
}

/** The properties of a key; others are ignored, so that an object is a key. @internal */
export const LINK_KEY: Shape = {
  fields: { name: linkName(ALTNAME_LENGTH), index: integer(1, 0x7fff_ffff) },
  out: [...Object.keys(LINK_SHAPE.fields), ...LINK_STATE],
};

/** Returns a key as an object. @throws FieldError if it is neither a name nor an index. @internal */
export function linkKey(key: unknown): unknown {
  if (typeof key === 'string') return { name: key };
  const { name, index } = normalise(LINK_KEY, key) as { readonly name?: string; readonly index?: number };
  if (name === undefined && index === undefined) throw new FieldError('', 'expected a name or { index }');
  return key;
}

/** Checks the properties of a link that depend on its kind. @throws FieldError @internal */
export function checkKind(wanted: Wanted): void {
  const { kind, options } = wanted as { readonly kind?: string; readonly options?: object };
  const wrong = [...kinds.keys()].find((name) => name !== kind && wanted[name] !== undefined);
  if (wrong !== undefined) {
    if (kind === undefined) throw new FieldError(wrong, `needs kind: '${wrong}' beside it`);
    throw new FieldError(wrong, `is not a property of a link of kind '${kind}'${meantKind(kind, wrong, kinds)}`);
  }
  if (options === undefined) return;
  if (kind === undefined) throw new FieldError('options', 'needs kind beside it');
  if (kinds.has(kind)) throw new FieldError('options', `the options of this kind are the property '${kind}'`);
}

/** Checks a whole link. @throws FieldError @internal */
export function checkLink(wanted: Wanted): void {
  if (wanted['name'] === undefined) throw new FieldError('name', 'is required');
  checkKind(wanted);
}

/** Checks the properties that a new link needs. @throws FieldError @internal */
export function checkNewLink(wanted: Wanted, hasParent: boolean): void {
  const { name, kind } = wanted as { readonly name: string; readonly kind?: string };
  if (kind === undefined) {
    const text = `no link is named '${name}'; add kind (such as 'bridge') to create it, or correct the name`;
    throw new FieldError('kind', text, 'missing');
  }
  newLinkName(name, 'name');
  const { checkNew, needs = [] } = kinds.get(kind) ?? {};
  const missing = needs.find((path) => (path === 'parent' ? !hasParent : valueAt(wanted, path) === undefined));
  if (missing !== undefined) throw new FieldError(missing, `is required to create a link of kind '${kind}'`);
  checkNew?.(wanted);
}

function valueAt(wanted: Wanted, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Wanted | undefined)?.[name], wanted);
}
