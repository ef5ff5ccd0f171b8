import { FieldError } from '../../../../common/field-error.js';
import { integer, shown } from '../../../../fields/check.js';
import { dataType } from '../../../data/data-types.js';
import { bodyOf, flagsOf } from '../body.js';
import { requireAnyTransport } from '../dependencies.js';
import { NAT_FAMILIES } from './nat.js';
import type { RuleProgram } from '../program.js';
import { loadValue } from '../value.js';

type Version = keyof typeof NAT_FAMILIES;

const address = (version: Version): ReturnType<typeof dataType> => dataType(version === 'ip' ? 'ipv4_addr' : 'ipv6_addr');

/** Returns the version of the address: that of the statement, of the table, or of the address. @throws FieldError */
function versionOf(program: RuleProgram, family: unknown, addr: unknown, path: string): Version | undefined {
  const table = program.context.family;
  const own = table === 'ip' || table === 'ip6' ? table : undefined;
  const written = typeof addr === 'string' ? (addr.includes(':') ? 'ip6' : 'ip') : undefined;
  const version = family ?? own ?? written;
  if (version !== undefined && version !== 'ip' && version !== 'ip6')
    throw new FieldError(`${path}.family`, `expected 'ip' or 'ip6', not ${shown(version)}`);
  if (own !== undefined && version !== own) throw new FieldError(`${path}.family`, `'${version!}' in a table of the family '${table}'`);
  if (version === undefined && addr !== undefined)
    throw new FieldError(`${path}.family`, "is required; it is the version of the address, 'ip' or 'ip6'");
  return version;
}

/** Compiles `tproxy`: the packet goes to a local socket with another address or port. @internal */
export function tproxy(program: RuleProgram, body: unknown, path: string): void {
  const { family, addr, port } = bodyOf(body, path, ['family', 'addr', 'port']);
  if (addr === undefined && port === undefined) throw new FieldError(path, 'needs an address or a port');
  const version = versionOf(program, family, addr, path);
  const regAddr = addr === undefined ? undefined : loadValue(program, addr, address(version!), `${path}.addr`);
  const regPort = port === undefined ? undefined : loadValue(program, port, dataType('inet_service'), `${path}.port`);
  requireAnyTransport(program, path);
  program.emit({
    name: 'tproxy',
    data: {
      family: version === undefined ? 0 : NAT_FAMILIES[version],
      ...(regAddr === undefined ? {} : { regAddr }),
      ...(regPort === undefined ? {} : { regPort }),
    },
  });
}

/** Compiles `dup`: a copy of the packet goes to an address, or in a table of the family `netdev` to a link. @internal */
export function dup(program: RuleProgram, body: unknown, path: string): void {
  const { addr, dev } = bodyOf(body, path, ['addr', 'dev']);
  const { family } = program.context;
  if (addr === undefined) throw new FieldError(`${path}.addr`, 'is required');
  if (family === 'netdev') {
    if (dev !== undefined) throw new FieldError(`${path}.dev`, "in a table of the family 'netdev', addr is the link");
    program.emit({ name: 'dup', data: { sregDev: loadValue(program, addr, dataType('iface_index'), `${path}.addr`) } });
    return;
  }
  if (family !== 'ip' && family !== 'ip6')
    throw new FieldError(path, `a table of the family '${family}' cannot copy packets; use 'ip', 'ip6' or 'netdev'`);
  const sregAddr = loadValue(program, addr, address(family), `${path}.addr`);
  const sregDev = dev === undefined ? undefined : loadValue(program, dev, dataType('iface_index'), `${path}.dev`);
  program.emit({ name: 'dup', data: { sregAddr, ...(sregDev === undefined ? {} : { sregDev }) } });
}

/** Compiles `fwd`: the packet leaves by another link. @internal */
export function fwd(program: RuleProgram, body: unknown, path: string): void {
  const { dev, family, addr } = bodyOf(body, path, ['dev', 'family', 'addr']);
  if (program.context.family !== 'netdev') throw new FieldError(path, "only a table of the family 'netdev' can forward packets to a link");
  if (dev === undefined) throw new FieldError(`${path}.dev`, 'is required');
  const sregDev = loadValue(program, dev, dataType('iface_index'), `${path}.dev`);
  if (addr === undefined) {
    if (family !== undefined) throw new FieldError(`${path}.family`, 'needs an address');
    program.emit({ name: 'fwd', data: { sregDev } });
    return;
  }
  const version = versionOf(program, family, addr, path)!;
  const sregAddr = loadValue(program, addr, address(version), `${path}.addr`);
  program.emit({ name: 'fwd', data: { sregDev, sregAddr, nfproto: NAT_FAMILIES[version] } });
}

/** Flags of a proxy of TCP handshakes that a rule can name (`NF_SYNPROXY_OPT_*`). @internal */
export const SYNPROXY_FLAGS = { timestamp: 8, 'sack-perm': 4 } as const;
/** Flags that a segment size and a window scale set. @internal */
export const SYNPROXY_IMPLIED = { mss: 1, wscale: 2 } as const;

/** Compiles the body of `synproxy`. @internal */
export function synproxy(program: RuleProgram, body: unknown, path: string): void {
  const { mss, wscale, flags } = bodyOf(body, path, ['mss', 'wscale', 'flags']);
  const sum =
    flagsOf(flags, `${path}.flags`, SYNPROXY_FLAGS) |
    (mss === undefined ? 0 : SYNPROXY_IMPLIED.mss) |
    (wscale === undefined ? 0 : SYNPROXY_IMPLIED.wscale);
  program.emit({
    name: 'synproxy',
    data: {
      ...(mss === undefined ? {} : { mss: integer(0, 0xffff)(mss, `${path}.mss`) }),
      ...(wscale === undefined ? {} : { wscale: integer(0, 14)(wscale, `${path}.wscale`) }),
      flags: sum,
    },
  });
}
