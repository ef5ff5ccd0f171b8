import { number, numbered, type Options } from '../../../fields/option.js';
import type { KindData } from '../kind.js';

/** The options of a tunnel for mirrored packets. The versions 1 and 2 need a key and sequence numbers. @public */
export interface ErspanOptions {
  /** The version of the header: 0, 1 (type II) or 2 (type III) (`IFLA_GRE_ERSPAN_VER`). */
  readonly version?: number;
  /** Version 1: the index of the port, 20 bits (`IFLA_GRE_ERSPAN_INDEX`). */
  readonly index?: number;
  /** Version 2: the direction of the mirrored packets (`IFLA_GRE_ERSPAN_DIR`). */
  readonly direction?: 'ingress' | 'egress' | number;
  /** Version 2: the hardware identifier, 6 bits (`IFLA_GRE_ERSPAN_HWID`). */
  readonly hardwareId?: number;
}

/** @internal */
export const ERSPAN: Options<ErspanOptions> = {
  version: number('erspanVer', 2),
  index: number('erspanIndex', 0xf_ffff),
  direction: numbered('erspanDir', { ingress: 0, egress: 1 }),
  hardwareId: number('erspanHwid', 0x3f),
};

/** Omits the attributes of other versions, which the kernel reports for some. @internal */
export function readErspan(data: KindData): KindData {
  const { erspanIndex, erspanDir, erspanHwid, ...others } = data;
  if (data['erspanVer'] === 1) return { ...others, erspanIndex };
  return data['erspanVer'] === 2 ? { ...others, erspanDir, erspanHwid } : others;
}
