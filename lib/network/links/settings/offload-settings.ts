import { number, type Options } from '../../fields/option.js';

/** The sizes of packets that the kernel segments or joins. @public */
export interface OffloadSettings {
  /** The largest packet that the link segments, in bytes (`IFLA_GSO_MAX_SIZE`). */
  readonly gsoMaxSize?: number;
  /** The largest number of segments of a packet (`IFLA_GSO_MAX_SEGS`). */
  readonly gsoMaxSegments?: number;
  /** The largest IPv4 packet that the link segments, in bytes (`IFLA_GSO_IPV4_MAX_SIZE`). */
  readonly gsoIpv4MaxSize?: number;
  /** The largest packet that the kernel joins on reception, in bytes (`IFLA_GRO_MAX_SIZE`). */
  readonly groMaxSize?: number;
  /** The largest IPv4 packet that the kernel joins on reception, in bytes (`IFLA_GRO_IPV4_MAX_SIZE`). */
  readonly groIpv4MaxSize?: number;
}

/** The options. @internal */
export const OFFLOAD: Options<OffloadSettings> = {
  gsoMaxSize: number('gsoMaxSize'),
  gsoMaxSegments: number('gsoMaxSegs'),
  gsoIpv4MaxSize: number('gsoIpv4MaxSize'),
  groMaxSize: number('groMaxSize'),
  groIpv4MaxSize: number('groIpv4MaxSize'),
};
