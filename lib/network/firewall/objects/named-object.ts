import { omitUndefined } from '../../../check/index.js';
import { QuotaFlags, type GetobjReply, type NewobjRequest, type ObjectType } from '../../../families/nftables.js';
import { FieldError } from '../../common/field-error.js';
import { boolean, choice, integer, shown, size, type Check } from '../../fields/check.js';
import { normalise, requireFields, type Shape } from '../../fields/shape.js';
import type { FirewallObject, NamedCounter, NamedLimit, NamedQuota } from '../firewall.js';
import { commentCheck, nameCheck, requireName } from './chain.js';
import { CREATE, type Scope, type Settings, type Thing } from './thing.js';
import { commentOf, commentUserdata } from './userdata.js';

/** Seconds of the units of limits. */
const SECONDS = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 } as const;

/** `NFT_LIMIT_F_INV`. */
const INVERTED = 1;

/** The packets beyond a rate that `nft` allows if none are stated. */
const BURST = 5;

type Lists = 'counters' | 'quotas' | 'limits' | 'objects';

/** One kind of objects: its list in documents, and both translations of its settings. */
interface ObjectKind {
  readonly list: Lists;
  readonly noun: string;
  readonly shape: Shape;
  readonly required: readonly string[];
  /** The settings that the kernel takes over from a second creation. */
  readonly inPlace: readonly string[];
  /** Fills in defaults. */
  readonly settings: (given: Settings) => Settings;
  readonly read: (data: Settings) => Settings;
  readonly write: (settings: Settings) => object;
}

const base = { name: nameCheck, comment: commentCheck };
const rate = integer(1, Number.MAX_SAFE_INTEGER);

const counter: ObjectKind = {
  list: 'counters',
  noun: 'counter',
  shape: { fields: base, out: ['packets', 'bytes'] },
  required: [],
  inPlace: [],
  settings: () => ({}),
  read: () => ({}),
  write: () => ({}),
};

const quota: ObjectKind = {
  list: 'quotas',
  noun: 'quota',
  shape: { fields: { ...base, bytes: size, over: boolean }, out: ['used'] },
  required: ['bytes'],
  inPlace: ['bytes', 'over'],
  settings: ({ bytes, over }) => omitUndefined({ bytes, over: over === true ? true : undefined }),
  read: ({ bytes, flags }) =>
    omitUndefined({ bytes: Number(bytes), over: (Number(flags ?? 0) & QuotaFlags.Invert) !== 0 ? true : undefined }),
  // The kernel reports that a quota is depleted in a flag that it does not accept.
  write: ({ bytes, over }) => ({ bytes: BigInt(bytes as number), flags: over === true ? QuotaFlags.Invert : 0 }),
};

const limit: ObjectKind = {
  list: 'limits',
  noun: 'limit',
  shape: {
    fields: {
      ...base,
      rate,
      unit: choice(['packets', 'bytes']),
      per: choice(Object.keys(SECONDS)),
      burst: integer(0, 0xffff_ffff),
      over: boolean,
    },
  },
  required: ['rate'],
  inPlace: [],
  settings: ({ rate: given, unit = 'packets', per = 'second', burst = unit === 'packets' ? BURST : 0, over }) =>
    omitUndefined({ rate: given, unit, per, burst, over: over === true ? true : undefined }),
  read: ({ rate: read, unit, burst, type, flags }) =>
    omitUndefined({
      rate: Number(read),
      unit: type === 'pkt-bytes' || type === 1 ? 'bytes' : 'packets',
      per: Object.entries(SECONDS).find(([, seconds]) => seconds === Number(unit))?.[0] ?? 'second',
      burst: Number(burst ?? 0),
      over: (Number(flags ?? 0) & INVERTED) !== 0 ? true : undefined,
    }),
  write: ({ rate: written, unit, per, burst, over }) => ({
    rate: BigInt(written as number),
    unit: BigInt(SECONDS[per as keyof typeof SECONDS]),
    burst,
    type: unit === 'bytes' ? 'pkt-bytes' : 'pkts',
    flags: over === true ? INVERTED : 0,
  }),
};

/** The other types have the engine's words. */
const OTHER: readonly FirewallObject['type'][] = ['ct-helper', 'ct-timeout', 'ct-expect', 'secmark', 'synproxy', 'connlimit', 'tunnel'];

const words: Check = (value, path) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new FieldError(path, `expected an object, not ${shown(value)}`);
};

function other(type: string): ObjectKind {
  return {
    list: 'objects',
    noun: type.replace('-', ' '),
    shape: { fields: { ...base, type: choice(OTHER), data: words } },
    required: ['type'],
    inPlace: type === 'synproxy' ? ['data'] : [],
    settings: ({ data }) => omitUndefined({ data }),
    read: (data) => (Object.keys(data).length === 0 ? {} : { data: withoutZeros(data) }),
    write: ({ data }) => data ?? {},
  };
}

const KINDS: ReadonlyMap<string, ObjectKind> = new Map([
  ['counter', counter],
  ['quota', quota],
  ['limit', limit],
  ...OTHER.map((type) => [type, other(type)] as const),
]);

/** An object in the form in which it is compared. @internal */
export interface ObjectThing extends Thing {
  readonly type: string;
}

/** The list of a document for each type of objects; `objects` for those that have none of their own. @internal */
export function listOf(type: string): Lists {
  return KINDS.get(type)?.list ?? 'objects';
}

/** The lists of objects, each with its type; of `objects`, each entry states it. @internal */
export const OBJECT_LISTS: readonly (readonly [Lists, string | undefined])[] = [
  ['counters', 'counter'],
  ['quotas', 'quota'],
  ['limits', 'limit'],
  ['objects', undefined],
];

/** Checks an object of a document. @throws FieldError @internal */
export function parseObject(scope: Scope, type: string | undefined, value: unknown, path: string): ObjectThing {
  const shape = type === undefined ? other('').shape : KINDS.get(type)!.shape;
  const given = normalise<{ name: string; comment: string; type: string }>(shape, value, path);
  requireName(given, path);
  const kind = KINDS.get(type ?? given.type ?? '');
  for (const property of kind?.required ?? ['type']) {
    try {
      requireFields(given, [property]);
    } catch {
      throw new FieldError(`${path}.${property}`, 'is required');
    }
  }
  return objectThing(scope, type ?? given.type!, given.name!, kind!.settings(given), given.comment ?? undefined);
}

/** Returns the object of a row; undefined for a type that is not known. @internal */
export function objectOfRow(scope: Scope, { name = '', type, data, userdata }: GetobjReply): ObjectThing | undefined {
  const kind = KINDS.get(String(type));
  return kind && objectThing(scope, String(type), name, kind.read((data ?? {}) as Settings), commentOf(userdata));
}

function objectThing(scope: Scope, type: string, name: string, own: Settings, comment: string | undefined): ObjectThing {
  const { noun, inPlace, write } = KINDS.get(type)!;
  const request = { ...scope, name, type: type as ObjectType } as NewobjRequest;
  return {
    space: `object ${type}`,
    scope,
    type,
    noun,
    name,
    settings: omitUndefined({ ...own, comment }),
    inPlace,
    create: () => ({
      op: 'newobj',
      request: { ...request, data: write(own), ...commentUserdata(comment) } as NewobjRequest,
      options: CREATE,
    }),
    remove: () => ({ op: 'delobj', request }),
  };
}

/** Returns an object as a document has it. @internal */
export function objectDocument({ name, type, settings }: ObjectThing): NamedCounter | NamedQuota | NamedLimit | FirewallObject {
  const document = { name, ...(listOf(type) === 'objects' && { type }), ...settings };
  return document;
}

/** The kernel fills in zeros of settings that were not written. */
function withoutZeros(data: Settings): Settings {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== 0 && value !== 0n));
}
