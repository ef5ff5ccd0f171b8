import type { CtKeys, MetaKeys } from '../../../../families/nftables.js';
import { dataType } from '../../data/data-types.js';
import type { DataType } from '../../data/data-type.js';
import { integerType, plainInteger } from '../../data/integers.js';
import { LABELS } from '../../data/labels.js';
import { EXPIRATION, TIME_OF_CLOCK, TIME_OF_DAY } from '../../data/times.js';
import type { CtKey, MetaKey } from './field-names.js';

/** A property that one expression loads: the engine's word for it and its data type. @internal */
export interface KeyField<Key> {
  readonly key: Key;
  readonly type: DataType;
}

const u32 = plainInteger(32, 'host');
const u64 = plainInteger(64, 'host');

/** Text in a register, such as the name of a helper. @internal */
export const NAME_TEXT: DataType = { ...dataType('ifname'), name: 'string', number: 5 };

/** The properties of packets. @internal */
export const META_FIELDS: Readonly<Record<MetaKey, KeyField<MetaKeys>>> = {
  length: { key: 'len', type: u32 },
  protocol: { key: 'protocol', type: dataType('ether_type') },
  nfproto: { key: 'nfproto', type: dataType('nf_proto') },
  l4proto: { key: 'l4-proto', type: dataType('inet_proto') },
  priority: { key: 'priority', type: dataType('classid') },
  mark: { key: 'mark', type: dataType('mark') },
  iif: { key: 'iif', type: dataType('iface_index') },
  iifname: { key: 'iifname', type: dataType('ifname') },
  iiftype: { key: 'iftype', type: dataType('iface_type') },
  iifkind: { key: 'iifkind', type: dataType('ifname') },
  iifgroup: { key: 'iifgroup', type: dataType('devgroup') },
  oif: { key: 'oif', type: dataType('iface_index') },
  oifname: { key: 'oifname', type: dataType('ifname') },
  oiftype: { key: 'oiftype', type: dataType('iface_type') },
  oifkind: { key: 'oifkind', type: dataType('ifname') },
  oifgroup: { key: 'oifgroup', type: dataType('devgroup') },
  ibrname: { key: 'bri-iifname', type: dataType('ifname') },
  obrname: { key: 'bri-oifname', type: dataType('ifname') },
  sdif: { key: 'sdif', type: dataType('iface_index') },
  sdifname: { key: 'sdifname', type: dataType('ifname') },
  skuid: { key: 'skuid', type: dataType('uid') },
  skgid: { key: 'skgid', type: dataType('gid') },
  rtclassid: { key: 'rtclassid', type: dataType('realm') },
  pkttype: { key: 'pkttype', type: dataType('pkt_type') },
  cpu: { key: 'cpu', type: u32 },
  cgroup: { key: 'cgroup', type: u32 },
  random: { key: 'prandom', type: plainInteger(32, 'network') },
  ipsec: { key: 'secpath', type: dataType('boolean') },
  secmark: { key: 'secmark', type: u32 },
  ibrpvid: { key: 'bri-iifpvid', type: integerType('integer', 4, 16, 'host') },
  ibrvproto: { key: 'bri-iifvproto', type: dataType('ether_type') },
  nftrace: { key: 'nftrace', type: plainInteger(1, 'host') },
  time: { key: 'time-ns', type: TIME_OF_CLOCK },
  day: { key: 'time-day', type: dataType('day') },
  hour: { key: 'time-hour', type: TIME_OF_DAY },
};

/** The properties of connections. @internal */
export const CT_FIELDS: Readonly<Record<CtKey, KeyField<CtKeys>>> = {
  state: { key: 'state', type: dataType('ct_state') },
  direction: { key: 'direction', type: dataType('ct_dir') },
  status: { key: 'status', type: dataType('ct_status') },
  mark: { key: 'mark', type: dataType('mark') },
  secmark: { key: 'secmark', type: u32 },
  expiration: { key: 'expiration', type: EXPIRATION },
  label: { key: 'labels', type: LABELS },
  event: { key: 'eventmask', type: dataType('ct_event') },
  helper: { key: 'helper', type: NAME_TEXT },
  l3proto: { key: 'l3protocol', type: dataType('nf_proto') },
  protocol: { key: 'protocol', type: dataType('inet_proto') },
  zone: { key: 'zone', type: integerType('integer', 4, 16, 'host') },
  bytes: { key: 'bytes', type: u64 },
  packets: { key: 'pkts', type: u64 },
  avgpkt: { key: 'avgpkt', type: u64 },
  id: { key: 'ct-id', type: plainInteger(32, 'network') },
};
