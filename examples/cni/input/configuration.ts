import { CniError, ErrorCode } from '../errors.js';
import { isRecord, Reader } from './reader.js';
import { NAME, type Command, type Owner } from './parameters.js';
import { readPool, type Pool } from '../addresses/pool.js';
import type { Result, ResultInterface, ResultIp, ResultRoute } from '../result.js';

/** The versions of the specification that the plugin supports. */
export const VERSIONS: readonly string[] = ['1.0.0', '1.1.0'];

/** The network configuration, checked. */
export interface Configuration {
  readonly cniVersion: string;
  readonly name: string;
  readonly bridge: string;
  /** The bridge has the address of the gateway, and forwards packets. */
  readonly isGateway: boolean;
  readonly ipMasq: boolean;
  readonly hairpinMode: boolean;
  readonly mtu: number | undefined;
  readonly pool: Pool;
  readonly routes: readonly ResultRoute[];
  readonly dns: object | undefined;
  /** The result of the plugin before this one (`ADD`), or of the whole chain (`CHECK`). */
  readonly prevResult: Partial<Result> | undefined;
  /** The attachments that `GC` keeps; undefined if the configuration does not list them. */
  readonly validAttachments: readonly Owner[] | undefined;
}

/** Keys that runtimes add. */
const PROTOCOL = ['cniVersion', 'cniVersions', 'name', 'type', 'args', 'capabilities', 'runtimeConfig', 'prevResult', 'dns', 'ipam'];
const OWN = ['bridge', 'isGateway', 'isDefaultGateway', 'ipMasq', 'hairpinMode', 'mtu'];
const DEFAULT = '0.0.0.0/0';

/** Returns the JSON object of the standard input. */
export function parseInput(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CniError(
      ErrorCode.Decoding,
      'the standard input is not JSON',
      `${(error as Error).message}; expected a network configuration`,
    );
  }
  if (isRecord(value)) return value;
  throw new CniError(ErrorCode.Decoding, 'the standard input is not an object', 'expected a network configuration as a JSON object');
}

/** Checks the network configuration for a command. */
export function readConfiguration(input: Record<string, unknown>, command: Command): Configuration {
  // A DEL must release what an older version of this plugin made, so it ignores keys that it does not know.
  const root = new Reader(input, '', command !== 'DEL' && command !== 'GC');
  const cniVersion = readVersion(root, command);
  root.rejectOthers(PROTOCOL, OWN);
  const name = root.text('name') ?? '';
  if (!NAME.test(name)) throw root.invalid('name', 'a letter or digit, then letters, digits, underscores, dots and hyphens');
  const ipam = root.child('ipam');
  if (ipam === undefined) throw root.invalid('ipam', '{ "type": "host-local", "subnet": "10.1.0.0/24" }');
  const isDefaultGateway = root.flag('isDefaultGateway');
  const pool = readPool(ipam, name);
  return {
    cniVersion,
    name,
    bridge: root.linkName('bridge') ?? 'cni0',
    isGateway: isDefaultGateway || root.flag('isGateway'),
    ipMasq: root.flag('ipMasq'),
    hairpinMode: root.flag('hairpinMode'),
    mtu: root.integer('mtu', 68, 65535),
    pool,
    routes: readRoutes(ipam, isDefaultGateway ? [{ dst: DEFAULT, gw: pool.gateway }] : []),
    dns: root.child('dns')?.value,
    prevResult: readResult(root.child('prevResult')),
    validAttachments: readAttachments(root),
  };
}

function readVersion(root: Reader, command: Command): string {
  const version = root.text('cniVersion') ?? '';
  const needed = command === 'GC' || command === 'STATUS' ? VERSIONS.filter((known) => known !== '1.0.0') : VERSIONS;
  if (needed.includes(version)) return version;
  const details = `cniVersion is '${version}'; ${command} needs one of ${needed.join(', ')}: change it in the network configuration`;
  throw new CniError(ErrorCode.IncompatibleVersion, 'incompatible CNI version', details);
}

function readRoutes(ipam: Reader, own: readonly ResultRoute[]): ResultRoute[] {
  const listed = ipam.children('routes').map((route) => {
    route.rejectOthers(['dst', 'gw']);
    const gw = route.address('gw');
    return { dst: route.subnet('dst'), ...(gw === undefined ? {} : { gw }) };
  });
  return [...listed, ...own.filter(({ dst }) => !listed.some((route) => route.dst === dst))];
}

/** Reads the result of an earlier plugin, as far as this one uses it. */
function readResult(result: Reader | undefined): Partial<Result> | undefined {
  if (result === undefined) return undefined;
  const list = <T>(key: string) => result.children(key).map(({ value }) => value as T);
  return {
    ...result.value,
    interfaces: list<ResultInterface>('interfaces'),
    ips: list<ResultIp>('ips'),
    routes: list<ResultRoute>('routes'),
  };
}

function readAttachments(root: Reader): Owner[] | undefined {
  const key = 'cni.dev/valid-attachments';
  if (!(key in root.value)) return undefined;
  return root.children(key).map((entry) => {
    const [containerID, ifname] = [entry.text('containerID'), entry.text('ifname')];
    if (containerID === undefined || ifname === undefined) throw root.invalid(key, 'a list of { "containerID", "ifname" }');
    return { containerID, ifname };
  });
}
