/** Encapsulation in an IPv4 tunnel of an interface with `external` metadata (`LWTUNNEL_ENCAP_IP`). @public */
export interface IpEncap {
  /** The kind of the encapsulation (`RTA_ENCAP_TYPE`). */
  readonly type: 'ip';
  /** The address of the other end. */
  readonly to: string;
  /** The own address; absent: the kernel chooses. */
  readonly from?: string;
  /** The tunnel key. */
  readonly id?: number;
  /** The time to live of the outer packet. */
  readonly ttl?: number;
  /** The type of service of the outer packet. */
  readonly tos?: number;
}

/** Encapsulation in an IPv6 tunnel (`LWTUNNEL_ENCAP_IP6`). @public */
export interface Ip6Encap {
  /** The kind of the encapsulation (`RTA_ENCAP_TYPE`). */
  readonly type: 'ip6';
  /** The address of the other end. */
  readonly to: string;
  /** The own address; absent: the kernel chooses. */
  readonly from?: string;
  /** The tunnel key. */
  readonly id?: number;
  /** The hop limit of the outer packet. */
  readonly hoplimit?: number;
  /** The traffic class of the outer packet. */
  readonly trafficClass?: number;
}

/** MPLS labels (`LWTUNNEL_ENCAP_MPLS`). @public */
export interface MplsEncap {
  /** The kind of the encapsulation (`RTA_ENCAP_TYPE`). */
  readonly type: 'mpls';
  /** The labels, outermost first. */
  readonly labels: readonly number[];
  /** The time to live of the outer packet. */
  readonly ttl?: number;
}

/** The way in which segments are added (`SEG6_IPTUN_MODE_*`). @public */
export type Seg6Mode = 'inline' | 'encap' | 'l2encap' | 'encap.red' | 'l2encap.red';

/** An IPv6 segment routing header (`LWTUNNEL_ENCAP_SEG6`). @public */
export interface Seg6Encap {
  /** The kind of the encapsulation (`RTA_ENCAP_TYPE`). */
  readonly type: 'seg6';
  /** The way in which the packet is changed (`SEG6_IPTUN_MODE_*`). */
  readonly mode: Seg6Mode;
  /** The segments in the order of the path. */
  readonly segments: readonly string[];
}

/** An encapsulation without types here, in the engine's words. @public */
export interface OtherEncap {
  /** The kind of the encapsulation (`RTA_ENCAP_TYPE`). */
  readonly type: 'ila' | 'bpf' | 'seg6-local' | 'rpl' | 'ioam6' | 'xfrm';
  /** The attributes (`RTA_ENCAP`). */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** The encapsulation of packets that take a hop (`RTA_ENCAP`). @public */
export type Encap = IpEncap | Ip6Encap | MplsEncap | Seg6Encap | OtherEncap;
