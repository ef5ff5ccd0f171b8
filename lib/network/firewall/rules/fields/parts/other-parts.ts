import { FieldError } from '../../../../common/field-error.js';
import { integer, shown } from '../../../../fields/check.js';
import { dataType } from '../../../data/data-types.js';
import { plainInteger } from '../../../data/integers.js';
import { keyBytes } from '../../../data/key.js';
import { NAME_TEXT } from '../meta-fields.js';
import type { Part } from '../part.js';

type Body = Readonly<Record<string, unknown>>;

const TTL: readonly string[] = ['exact', 'loose', 'skip'];

/** The flag of an expression that returns the version of the system, not only its name (`NFT_OSF_F_VERSION`). */
const WITH_VERSION = 1;

/** Returns the part that the fingerprint of a system is. @throws FieldError @internal */
export function fingerprintPart({ key, ttl }: Body, path: string): Part {
  if (key !== 'name' && key !== 'version') throw new FieldError(`${path}.key`, `expected 'name' or 'version', not ${shown(key)}`);
  if (ttl !== undefined && ttl !== 'loose' && ttl !== 'skip')
    throw new FieldError(`${path}.ttl`, `expected 'loose' or 'skip', not ${shown(ttl)}`);
  const flags = key === 'version' ? WITH_VERSION : 0;
  const how = ttl === undefined ? 0 : TTL.indexOf(ttl);
  return {
    name: `osf.${key}`,
    selector: { osf: { key, ...(ttl === undefined ? {} : { ttl }) } },
    shift: 0,
    type: NAME_TEXT,
    load: (dreg) => ({ name: 'osf', data: { dreg, ttl: how, ...(flags === 0 ? {} : { flags }) } }),
  };
}

/** Returns the part that an expression `osf` loads. @internal */
export function loadedFingerprint({ ttl, flags }: Body): Part {
  const word = TTL[Number(ttl ?? 0)];
  return fingerprintPart(
    { key: (Number(flags ?? 0) & WITH_VERSION) !== 0 ? 'version' : 'name', ...(word === 'exact' ? {} : { ttl: word }) },
    '',
  );
}

const IPSEC_KEYS = {
  'ip daddr': { number: 1, type: dataType('ipv4_addr') },
  'ip6 daddr': { number: 2, type: dataType('ipv6_addr') },
  'ip saddr': { number: 3, type: dataType('ipv4_addr') },
  'ip6 saddr': { number: 4, type: dataType('ipv6_addr') },
  reqid: { number: 5, type: plainInteger(32, 'host') },
  spi: { number: 6, type: plainInteger(32, 'network') },
} as const;

const level = integer(0, 255);

/** Returns the part that a property of an IPsec state is. @throws FieldError @internal */
export function ipsecPart({ key, family, dir, spnum = 0 }: Body, path: string): Part {
  const name = key === 'saddr' || key === 'daddr' ? `${String(family)} ${key}` : String(key);
  if (!Object.hasOwn(IPSEC_KEYS, name))
    throw new FieldError(`${path}.key`, `expected 'reqid', 'spi', or 'saddr' or 'daddr' with a family, not ${shown(key)}`);
  if (dir !== 'in' && dir !== 'out') throw new FieldError(`${path}.dir`, `expected 'in' or 'out', not ${shown(dir)}`);
  const { number, type } = IPSEC_KEYS[name as keyof typeof IPSEC_KEYS];
  const depth = level(spnum, `${path}.spnum`);
  const words = name.split(' ');
  const body = words.length === 1 ? { key: name as 'reqid' } : { key: words[1] as 'saddr', family: words[0] as 'ip' };
  return {
    name: `ipsec.${name}`,
    selector: { ipsec: { ...body, dir, ...(depth === 0 ? {} : { spnum: depth }) } },
    shift: 0,
    type,
    load: (dreg) => ({ name: 'xfrm', data: { dreg, key: number, dir: dir === 'in' ? 0 : 1, spnum: depth } }),
  };
}

/** Returns the part that an expression `xfrm` loads; undefined if its key is not known. @internal */
export function loadedIpsec({ key, dir, spnum }: Body): Part | undefined {
  const name = Object.keys(IPSEC_KEYS).find((word) => IPSEC_KEYS[word as keyof typeof IPSEC_KEYS].number === Number(key));
  if (name === undefined) return undefined;
  const words = name.split(' ');
  const body = words.length === 1 ? { key: name } : { key: words[1], family: words[0] };
  return ipsecPart({ ...body, dir: Number(dir ?? 0) === 0 ? 'in' : 'out', spnum: Number(spnum ?? 0) }, '');
}

/** The settings of a hash. @internal */
export interface HashSettings {
  readonly mod: number;
  readonly offset: number;
  readonly seed: number | undefined;
}

/** Returns the part that the hash of other parts is (`jhash`). @internal */
export function hashPart(input: readonly Part[], expr: unknown, { mod, offset, seed }: HashSettings): Part {
  const len = keyBytes(input.map(({ type }) => type));
  return {
    name: 'jhash',
    selector: {
      jhash: { mod, ...(seed === undefined ? {} : { seed }), ...(offset === 0 ? {} : { offset }), expr: expr as string },
    },
    input,
    shift: 0,
    type: plainInteger(32, 'host'),
    load: (dreg, sreg) => ({
      name: 'hash',
      data: { sreg: sreg!, dreg, len, modulus: mod, ...(seed === undefined ? {} : { seed }), offset, type: 'jenkins' },
    }),
  };
}
