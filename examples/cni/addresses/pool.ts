import { join } from 'node:path';
import { CniError, ErrorCode } from '../errors.js';
import type { Reader } from '../input/reader.js';
import { formatAddress, isHost, lastAddress, parseAddress, parseSubnet } from './subnet.js';

/** The addresses that a network gives to containers. */
export interface Pool {
  readonly subnet: string;
  readonly prefix: number;
  readonly gateway: string;
  readonly broadcast: string;
  /** The first and the last address of the range, as numbers. */
  readonly first: number;
  readonly last: number;
  /** The folder of the reservations of this network. */
  readonly folder: string;
}

const FIELDS = ['type', 'subnet', 'rangeStart', 'rangeEnd', 'gateway', 'routes', 'dataDir'];

/** Reads the pool of a network from the key `ipam` of its configuration. */
export function readPool(ipam: Reader, network: string): Pool {
  ipam.rejectOthers(FIELDS);
  const type = ipam.text('type') ?? 'host-local';
  if (type !== 'host-local') {
    const details = `ipam.type is '${type}'; this plugin manages its addresses itself: use host-local`;
    throw new CniError(ErrorCode.UnsupportedField, 'unsupported field in the network configuration', details);
  }
  const text = ipam.subnet('subnet');
  const subnet = parseSubnet(text);
  if (subnet === undefined || subnet.prefix > 30) throw ipam.invalid('subnet', 'a subnet with at least two hosts: a prefix of 30 or less');
  const read = (key: string, otherwise: number): number => {
    const address = parseAddress(ipam.address(key) ?? formatAddress(otherwise)) ?? otherwise;
    if (!isHost(subnet, address)) throw ipam.invalid(key, `the address of a host in ${text}`);
    return address;
  };
  const first = read('rangeStart', subnet.network + 1);
  const last = read('rangeEnd', lastAddress(subnet) - 1);
  if (last < first) throw ipam.invalid('rangeEnd', `an address from rangeStart, ${formatAddress(first)}`);
  const gateway = formatAddress(read('gateway', subnet.network + 1));
  const folder = join(ipam.text('dataDir') ?? '/var/lib/cni/rxnetlink', network);
  return { subnet: text, prefix: subnet.prefix, gateway, broadcast: formatAddress(lastAddress(subnet)), first, last, folder };
}
