import type { Read, Written } from '../../common/written.js';
import { ip } from '../../fields/address-checks.js';
import { list } from '../../fields/check.js';
import { duration, link, macAddress, number, numbered, plain, toggle, words } from '../../fields/option.js';
import type { Kind } from './kind.js';

/** The options of a bond (`IFLA_BOND_*`). Many depend on the mode; the kernel rejects them in others. @public */
export interface BondOptions<U extends Written = Read> {
  /** The mode (`IFLA_BOND_MODE`); it cannot change while the bond has ports. @defaultValue for a new link `'balance-rr'` */
  readonly mode?: 'balance-rr' | 'active-backup' | 'balance-xor' | 'broadcast' | '802.3ad' | 'balance-tlb' | 'balance-alb' | number;
  /** The interval of link monitoring; 0 for none (`IFLA_BOND_MIIMON`). */
  readonly miimon?: U['time'];
  /** The time before a port with a link is used; a multiple of `miimon` (`IFLA_BOND_UPDELAY`). */
  readonly upDelay?: U['time'];
  /** The time before a port without a link is dropped; a multiple of `miimon` (`IFLA_BOND_DOWNDELAY`). */
  readonly downDelay?: U['time'];
  /** The interval of ARP monitoring; 0 for none (`IFLA_BOND_ARP_INTERVAL`). */
  readonly arpInterval?: U['time'];
  /** The addresses that ARP monitoring asks for (`IFLA_BOND_ARP_IP_TARGET`). */
  readonly arpTargets?: readonly string[];
  /** The port in use, by name (`IFLA_BOND_ACTIVE_SLAVE`). Read only: the bond changes it. */
  readonly active?: string;
  /** The preferred port, by name (`IFLA_BOND_PRIMARY`). */
  readonly primary?: string | U['none'];
  /** The case in which the primary port is used again (`IFLA_BOND_PRIMARY_RESELECT`). */
  readonly primaryReselect?: 'always' | 'better' | 'failure' | number;
  /** The MAC address at a failover (`IFLA_BOND_FAIL_OVER_MAC`). */
  readonly failOverMac?: 'none' | 'active' | 'follow' | number;
  /** The values that select the port of a packet (`IFLA_BOND_XMIT_HASH_POLICY`). */
  readonly hashPolicy?: 'layer2' | 'layer3+4' | 'layer2+3' | 'encap2+3' | 'encap3+4' | 'vlan+srcmac' | number;
  /** The number of IGMP reports after a failover (`IFLA_BOND_RESEND_IGMP`). */
  readonly resendIgmp?: number;
  /** The number of announcements after a failover (`IFLA_BOND_NUM_PEER_NOTIF`). */
  readonly peerNotifications?: number;
  /** The number of ports with a link that the bond needs to have a carrier (`IFLA_BOND_MIN_LINKS`). */
  readonly minLinks?: number;
  /** Inactive ports receive too (`IFLA_BOND_ALL_SLAVES_ACTIVE`). */
  readonly allPortsActive?: boolean;
  /** The interval of learning packets, whole seconds (`IFLA_BOND_LP_INTERVAL`). */
  readonly learningInterval?: U['time'];
  /** The number of packets before the next port in mode balance-rr (`IFLA_BOND_PACKETS_PER_SLAVE`). */
  readonly packetsPerPort?: number;
  /** The rate of LACP packets that the partner is asked for (`IFLA_BOND_AD_LACP_RATE`). */
  readonly lacpRate?: 'slow' | 'fast' | number;
  /** The selection of the aggregator (`IFLA_BOND_AD_SELECT`). */
  readonly aggregatorSelection?: 'stable' | 'bandwidth' | 'count' | number;
  /** The LACP priority of the system (`IFLA_BOND_AD_ACTOR_SYS_PRIO`). */
  readonly systemPriority?: number;
  /** The LACP MAC address of the system (`IFLA_BOND_AD_ACTOR_SYSTEM`). */
  readonly system?: string;
  /** Balance-tlb distributes by load (`IFLA_BOND_TLB_DYNAMIC_LB`). */
  readonly dynamicLoadBalancing?: boolean;
}

/** The kind `bond`. @internal */
export const bond: Kind<BondOptions> = {
  options: {
    mode: words('mode', ['balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad', 'balance-tlb', 'balance-alb']),
    miimon: duration('miimon', 1, { initial: 0 }),
    upDelay: duration('updelay', 1, { initial: 0 }),
    downDelay: duration('downdelay', 1, { initial: 0 }),
    arpInterval: duration('arpInterval', 1, { initial: 0 }),
    arpTargets: plain('arpIpTarget', list(ip)),
    active: link('activeSlave', { out: true }),
    primary: link('primary', { nullable: true }),
    primaryReselect: numbered('primaryReselect', { always: 0, better: 1, failure: 2 }, { initial: 'always' }),
    failOverMac: numbered('failOverMac', { none: 0, active: 1, follow: 2 }, { initial: 'none' }),
    hashPolicy: words('xmitHashPolicy', ['layer2', 'layer3+4', 'layer2+3', 'encap2+3', 'encap3+4', 'vlan+srcmac'], { initial: 'layer2' }),
    resendIgmp: number('resendIgmp', 255, { initial: 1 }),
    peerNotifications: number('numPeerNotif', 255, { initial: 1 }),
    minLinks: number('minLinks', 0xffff_ffff, { initial: 0 }),
    allPortsActive: toggle('allSlavesActive', { initial: false }),
    learningInterval: duration('lpInterval', 1000, { initial: 1000 }),
    packetsPerPort: number('packetsPerSlave', 0xffff, { initial: 1 }),
    lacpRate: numbered('adLacpRate', { slow: 0, fast: 1 }, { initial: 'slow' }),
    aggregatorSelection: numbered('adSelect', { stable: 0, bandwidth: 1, count: 2 }, { initial: 'stable' }),
    systemPriority: number('adActorSysPrio', 0xffff, { initial: 65535 }, 1),
    system: { ...macAddress('adActorSystem'), read: (value) => (value === '00:00:00:00:00:00' ? undefined : value) },
    dynamicLoadBalancing: toggle('tlbDynamicLb', { initial: true }),
  },
};
