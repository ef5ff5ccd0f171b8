import { dataType } from '../../data/data-types.js';
import { SYNPROXY_FLAGS, SYNPROXY_IMPLIED } from '../compile/statements/redirects.js';
import { OBJECT_KINDS } from '../map-data.js';
import type { ObjectKindName } from '../rule-context.js';
import type { Statement } from '../statement.js';
import type { RuleReader } from './rule-reader.js';
import { Unreadable } from './unreadable.js';

type Data = Readonly<Record<string, unknown>>;

const VERSIONS: Readonly<Record<number, 'ip' | 'ip6'>> = { 2: 'ip', 10: 'ip6' };

const address = (version: 'ip' | 'ip6'): ReturnType<typeof dataType> => dataType(version === 'ip' ? 'ipv4_addr' : 'ipv6_addr');

/** Reads `tproxy`. @internal */
export function readTproxy(reader: RuleReader, { family = 0, regAddr, regPort }: Data): Statement {
  const version = VERSIONS[Number(family)];
  const table = reader.context.family;
  if (regAddr !== undefined && version === undefined) throw new Unreadable('tproxy');
  return {
    tproxy: {
      ...(version === undefined || version === table ? {} : { family: version }),
      ...(regAddr === undefined ? {} : { addr: reader.value(regAddr, address(version!)) }),
      ...(regPort === undefined ? {} : { port: reader.value(regPort, dataType('inet_service')) }),
    },
  };
}

/** Reads `dup`. @internal */
export function readDup(reader: RuleReader, { sregAddr, sregDev }: Data): Statement {
  const { family } = reader.context;
  const dev = sregDev === undefined ? undefined : reader.value(sregDev, dataType('iface_index'));
  if (sregAddr === undefined) {
    if (dev === undefined) throw new Unreadable('dup');
    return { dup: { addr: dev } };
  }
  if (family !== 'ip' && family !== 'ip6') throw new Unreadable('dup');
  return { dup: { addr: reader.value(sregAddr, address(family)), ...(dev === undefined ? {} : { dev }) } };
}

/** Reads `fwd`. @internal */
export function readFwd(reader: RuleReader, { sregDev, sregAddr, nfproto = 0 }: Data): Statement {
  const dev = reader.value(sregDev, dataType('iface_index'));
  if (sregAddr === undefined) return { fwd: { dev } };
  const family = VERSIONS[Number(nfproto)];
  if (family === undefined) throw new Unreadable('fwd');
  return { fwd: { dev, family, addr: reader.value(sregAddr, address(family)) } };
}

/** Reads `synproxy`. @internal */
export function readSynproxy(_: RuleReader, { mss = 0, wscale = 0, flags = 0 }: Data): Statement {
  const sum = Number(flags);
  const names = (Object.keys(SYNPROXY_FLAGS) as (keyof typeof SYNPROXY_FLAGS)[]).filter((name) => (sum & SYNPROXY_FLAGS[name]) !== 0);
  const body = {
    ...((sum & SYNPROXY_IMPLIED.mss) === 0 ? {} : { mss: Number(mss) }),
    ...((sum & SYNPROXY_IMPLIED.wscale) === 0 ? {} : { wscale: Number(wscale) }),
    ...(names.length === 0 ? {} : { flags: names }),
  };
  return Object.keys(body).length === 0 ? 'synproxy' : { synproxy: body };
}

/** The statements that use objects, by the kind of the object. */
const STATEMENTS: Readonly<Partial<Record<ObjectKindName, string>>> = {
  counter: 'counter',
  quota: 'quota',
  limit: 'limit',
  'ct-helper': 'ct helper',
  'ct-timeout': 'ct timeout',
  'ct-expect': 'ct expectation',
  secmark: 'secmark',
  synproxy: 'synproxy',
  tunnel: 'tunnel',
};

/** Reads the use of an object: by its name, or by a map. @internal */
export function readObject(reader: RuleReader, { immType, immName, setSreg, setName, setId }: Data): Statement {
  if (setSreg === undefined) {
    const kind = (Object.keys(OBJECT_KINDS) as ObjectKindName[]).find((name) => OBJECT_KINDS[name] === Number(immType));
    const word = kind && STATEMENTS[kind];
    if (word === undefined || typeof immName !== 'string') throw new Unreadable('object');
    return { [word]: immName } as unknown as Statement;
  }
  const set = reader.lookedUp(setName as string | undefined, setId as number | undefined);
  const data = 'name' in set ? reader.context.set(set.name)?.data : reader.dataOf(set);
  const kind = typeof data === 'string' ? data : typeof data === 'object' && 'object' in data ? data.object : undefined;
  const word = kind === undefined || kind === 'verdict' ? undefined : STATEMENTS[kind];
  if (word === undefined) throw new Unreadable('object');
  return { [word]: { map: reader.mapping(reader.registers, setSreg, set) } } as unknown as Statement;
}
