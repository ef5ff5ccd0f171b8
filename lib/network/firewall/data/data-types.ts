import { suggestion } from '../../../check/index.js';
import { FieldError } from '../../common/field-error.js';
import { ADDRESS_TYPES } from './addresses.js';
import type { DataType } from './data-type.js';
import { flagsType, integerType, type ValueNames } from './integers.js';
import { ETHER_TYPES, IP_PROTOCOLS } from './protocol-names.js';
import { TEXT_TYPES } from './texts.js';
import * as names from './value-names.js';

/** Codes have names for one type of messages only, so they are printed as numbers. */
function codeType(name: string, number: number, codes: ValueNames): DataType {
  return { ...integerType(name, number, 8, 'network', codes), print: (bytes) => bytes[0]! };
}

/** All data types with a name, in the order of nft's numbers. Those without a fixed length (`integer`, `string`) are made by their fields. */
const TYPES: readonly DataType[] = [
  ...ADDRESS_TYPES,
  ...TEXT_TYPES,
  integerType('nf_proto', 2, 8, 'host', { ipv4: 2, ipv6: 10 }),
  integerType('ether_type', 10, 16, 'network', ETHER_TYPES),
  integerType('arp_op', 11, 16, 'network', names.ARP_OPERATIONS),
  integerType('inet_proto', 12, 8, 'network', IP_PROTOCOLS),
  integerType('inet_service', 13, 16, 'network'),
  integerType('icmp_type', 14, 8, 'network', names.ICMP_TYPES),
  flagsType('tcp_flag', 15, 8, 'network', names.TCP_FLAGS),
  integerType('dccp_pkttype', 16, 4, 'network', names.DCCP_TYPES),
  integerType('mh_type', 17, 8, 'network', names.MH_TYPES),
  integerType('mark', 19, 32, 'host'),
  integerType('iface_type', 21, 16, 'host', names.INTERFACE_TYPES),
  integerType('realm', 22, 32, 'host'),
  integerType('uid', 24, 32, 'host'),
  integerType('gid', 25, 32, 'host'),
  flagsType('ct_state', 26, 32, 'host', names.CT_STATES),
  integerType('ct_dir', 27, 8, 'network', { original: 0, reply: 1 }),
  flagsType('ct_status', 28, 32, 'host', names.CT_STATUS),
  integerType('icmpv6_type', 29, 8, 'network', names.ICMPV6_TYPES),
  integerType('pkt_type', 31, 8, 'network', { host: 0, unicast: 0, broadcast: 1, multicast: 2, other: 3 }),
  codeType('icmp_code', 32, names.ICMP_CODES),
  codeType('icmpv6_code', 33, names.ICMPV6_CODES),
  codeType('icmpx_code', 34, names.ICMPX_CODES),
  integerType('devgroup', 35, 32, 'host', { default: 0 }),
  integerType('dscp', 36, 6, 'network', names.DSCP_NAMES),
  integerType('ecn', 37, 2, 'network', { 'not-ect': 0, ect1: 1, ect0: 2, ce: 3 }),
  integerType('fib_addrtype', 38, 32, 'host', names.FIB_ADDRESS_TYPES),
  integerType('boolean', 39, 8, 'host', { exists: 1, missing: 0 }),
  flagsType('ct_event', 40, 32, 'host', names.CT_EVENTS),
  integerType('igmp_type', 42, 8, 'network', names.IGMP_TYPES),
  integerType('day', 45, 8, 'host', names.DAYS),
];

const BY_NAME: ReadonlyMap<string, DataType> = new Map(TYPES.map((type) => [type.name, type]));
const BY_NUMBER: ReadonlyMap<number, DataType> = new Map(TYPES.map((type) => [type.number, type]));

/** The name of a data type of sets and maps. @public */
export type DataTypeName =
  | 'nf_proto'
  | 'ipv4_addr'
  | 'ipv6_addr'
  | 'ether_addr'
  | 'ether_type'
  | 'arp_op'
  | 'inet_proto'
  | 'inet_service'
  | 'icmp_type'
  | 'tcp_flag'
  | 'dccp_pkttype'
  | 'mh_type'
  | 'mark'
  | 'iface_index'
  | 'iface_type'
  | 'realm'
  | 'classid'
  | 'uid'
  | 'gid'
  | 'ct_state'
  | 'ct_dir'
  | 'ct_status'
  | 'icmpv6_type'
  | 'pkt_type'
  | 'icmp_code'
  | 'icmpv6_code'
  | 'icmpx_code'
  | 'devgroup'
  | 'dscp'
  | 'ecn'
  | 'fib_addrtype'
  | 'boolean'
  | 'ct_event'
  | 'ifname'
  | 'igmp_type'
  | 'day';

/** Returns a data type by its name. @internal */
export function dataType(name: DataTypeName): DataType {
  return BY_NAME.get(name)!;
}

/** Returns a data type by nft's number; undefined if it has no fixed length or is not known. @internal */
export function dataTypeOf(number: number): DataType | undefined {
  return BY_NUMBER.get(number);
}

/** Returns the data type that the caller named. @throws FieldError @internal */
export function parseDataType(name: unknown, path: string): DataType {
  const known = typeof name === 'string' ? BY_NAME.get(name) : undefined;
  if (known !== undefined) return known;
  const hint = typeof name === 'string' ? suggestion(name, BY_NAME.keys(), '; ') : '';
  throw new FieldError(path, `'${String(name)}' is not a data type of nftables${hint}`);
}

/** Returns all data types with a name. @internal */
export function dataTypes(): readonly DataType[] {
  return TYPES;
}
