import { IfinfoFlags, type GetlinkReply, type IfOper } from '../../../families/generated/rt-link.js';
import type { KindFacts } from './device-kinds.js';
import { counters } from './counters.js';

/** ARPHRD_ETHER and ARPHRD_LOOPBACK (uapi/linux/if_arp.h). */
const ETHERNET = 1;
const LOOPBACK = 772;

/** RTEXT_FILTER_SKIP_STATS (uapi/linux/rtnetlink.h). */
const SKIP_STATS = 8;

/** The members of struct ipv4_devconf that are not 0 in a new namespace of Linux 6.18, by their place. */
const IPV4_CONF: Readonly<Record<number, number>> = { 3: 1, 4: 1, 5: 1, 6: 1, 8: 1, 26: 10_000, 27: 1000, 32: 1 };
const IPV4_CONF_LENGTH = 33;

/** Attributes that a reader finds as they were written. */
const KEPT: readonly string[] = ['gsoMaxSize', 'gsoMaxSegs', 'gsoIpv4MaxSize', 'groMaxSize', 'groIpv4MaxSize', 'linkmode', 'protoDown'];

/** The namespace of a link, as the link itself uses it. @internal */
export interface Home {
  /** Returns the number that this namespace has for another one; it assigns one at the first call. */
  numberOf(other: Home): number;
}

/** One link of the fake network. @internal */
export class Device {
  index: number;
  /** The namespace that has the link. */
  home!: Home;
  readonly kind: string | undefined;
  readonly facts: KindFacts;
  name: string;
  altnames: string[] = [];
  data: Record<string, unknown>;
  /** IFF_* that are configured; those that follow from the state are not among them. */
  flags: number;
  mtu: number;
  mac: string;
  alias = '';
  group = 0;
  txqlen = 1000;
  queues = { tx: 1, rx: 1 };
  peer: Device | undefined;
  parent: Device | undefined;
  master: Device | undefined;
  portData: Record<string, unknown> = {};
  /** The test has taken the carrier away. */
  isUnplugged = false;
  hasCarrier: boolean;
  /** RFC 2863; a reader finds `down` while the link is down. */
  operstate: IfOper;
  carrierUps = 0;
  carrierDowns = 0;
  /** A bridge takes address and MTU of its ports until they are set. */
  isMacSet = false;
  isMtuSet = false;
  /** It has had a port: without one, a bridge has a carrier. */
  hadPorts = false;
  readonly kept: Record<string, unknown> = {};
  conf: number[] = initialConf();
  addrGenMode = 'none';

  constructor(index: number, name: string, kind: string | undefined, facts: KindFacts) {
    this.index = index;
    this.name = name;
    this.kind = kind;
    this.facts = facts;
    this.data = { ...facts.data };
    this.flags = facts.flags;
    this.mtu = facts.mtu;
    this.mac = this.isLoopback ? '00:00:00:00:00:00' : macOf(index);
    this.hasCarrier = facts.startsWithCarrier;
    this.operstate = facts.startsWithCarrier ? 'unknown' : 'lowerlayerdown';
  }

  get isLoopback(): boolean {
    return (this.facts.flags & IfinfoFlags.Loopback) !== 0;
  }

  get isUp(): boolean {
    return (this.flags & IfinfoFlags.Up) !== 0;
  }

  /** True if packets can pass (`netif_oper_up()`). */
  get isOperational(): boolean {
    return this.isUp && (this.operstate === 'up' || this.operstate === 'unknown');
  }

  /** The link that a reader finds as `link`: the other end of a pair, or the parent. */
  get lower(): Device | undefined {
    return this.peer ?? this.parent;
  }

  /** IFF_* as a reader finds them (`dev_get_flags()`). */
  get shownFlags(): number {
    if (!this.isUp) return this.flags;
    return this.flags | (this.isOperational ? IfinfoFlags.Running : 0) | (this.hasCarrier ? IfinfoFlags.LowerUp : 0);
  }

  /** Returns the row of a dump or a notification. @param change - The flags that the notification is about. */
  row(extMask: number = SKIP_STATS, change = 0): GetlinkReply {
    const { master, facts, alias, altnames, lower, home } = this;
    const row = {
      ...{ ifiFamily: 0, ifiType: this.isLoopback ? LOOPBACK : ETHERNET, ifiIndex: this.index },
      ...{ ifiFlags: this.shownFlags, ifiChange: change, ifname: this.name, txqlen: this.txqlen },
      operstate: this.isUp ? this.operstate : 'down',
      linkmode: 'default',
      ...{ mtu: this.mtu, minMtu: facts.minMtu, maxMtu: facts.maxMtu, group: this.group, promiscuity: 0, allmulti: 0 },
      ...{ numTxQueues: this.queues.tx, numRxQueues: this.queues.rx },
      ...{ gsoMaxSegs: 65_535, gsoMaxSize: 65_536, groMaxSize: 65_536, gsoIpv4MaxSize: 65_536, groIpv4MaxSize: 65_536 },
      ...this.kept,
      ...(alias !== '' && { ifalias: alias }),
      ...{ carrier: this.hasCarrier ? 1 : 0, carrierChanges: this.carrierUps + this.carrierDowns },
      ...{ carrierUpCount: this.carrierUps, carrierDownCount: this.carrierDowns, protoDown: 0 },
      ...{ address: this.mac, broadcast: this.isLoopback ? this.mac : 'ff:ff:ff:ff:ff:ff' },
      ...((extMask & SKIP_STATS) === 0 && counters()),
      ...this.#info(),
      // The first end of a new pair reads 0 until its peer is there.
      ...(this.kind === 'veth' ? { link: lower?.index ?? 0 } : lower !== undefined && { link: lower.index }),
      ...(lower !== undefined && lower.home !== home && { linkNetnsid: home.numberOf(lower.home) }),
      ...(master !== undefined && { master: master.index }),
      ...{ qdisc: this.isUp ? 'noqueue' : 'noop' },
      afSpec: { inet: { conf: this.conf }, inet6: { addrGenMode: this.addrGenMode } },
      ...(altnames.length > 0 && { propList: { altIfname: altnames } }),
    };
    return row as unknown as GetlinkReply;
  }

  /** Keeps attributes of a request that a reader finds again. */
  keep(request: object): void {
    for (const [name, value] of Object.entries(request)) if (KEPT.includes(name)) this.kept[name] = value;
  }

  /** Forgets what belongs to the namespace that the link leaves. */
  forgetSettings(): void {
    [this.conf, this.addrGenMode] = [initialConf(), 'none'];
  }

  #info(): object {
    const { kind, data, master } = this;
    if (kind === undefined && master === undefined) return {};
    const slaveData = { ...this.portData, ...('state' in this.portData && { state: this.isOperational ? 'forwarding' : 'disabled' }) };
    const linkinfo = {
      ...(kind !== undefined && { kind }),
      ...(kind !== undefined && Object.keys(data).length > 0 && { data }),
      ...(master !== undefined && { slaveKind: master.kind }),
      ...(Object.keys(slaveData).length > 0 && { slaveData }),
    };
    return { linkinfo };
  }
}

function initialConf(): number[] {
  return Array.from({ length: IPV4_CONF_LENGTH }, (_, place) => IPV4_CONF[place] ?? 0);
}

/** Returns a locally administered address that depends on the index only: runs of a test are alike. */
function macOf(index: number): string {
  const bytes = [2, 0, 0, 0, (index >> 8) & 255, index & 255];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
