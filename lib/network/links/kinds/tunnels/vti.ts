import { absentAtZero, ipAddress, number } from '../../../fields/option.js';
import type { Kind } from '../kind.js';

/** The options of a virtual tunnel interface for IPsec: `vti` and `vti6` (`IFLA_VTI_*`). `parent` is the link that carries it. @public */
export interface VtiOptions {
  /** The source address (`IFLA_VTI_LOCAL`). */
  readonly local?: string;
  /** The address of the other end (`IFLA_VTI_REMOTE`). */
  readonly remote?: string;
  /** The mark that received packets get for the lookup of their policy; absent: 0 (`IFLA_VTI_IKEY`). */
  readonly inputKey?: number;
  /** The mark that sent packets get for the lookup of their policy; absent: 0 (`IFLA_VTI_OKEY`). */
  readonly outputKey?: number;
  /** The mark of the packets that carry the tunnel (`IFLA_VTI_FWMARK`). */
  readonly mark?: number;
}

const kind = (none: string): Kind<VtiOptions> => ({
  options: {
    local: ipAddress('local', none),
    remote: ipAddress('remote', none),
    inputKey: absentAtZero(number('ikey')),
    outputKey: absentAtZero(number('okey')),
    mark: number('fwmark'),
  },
  whole: true,
  parentIn: 'link',
});

/** The kind `vti`. @internal */
export const vti: Kind<VtiOptions> = kind('0.0.0.0');

/** The kind `vti6`. @internal */
export const vti6: Kind<VtiOptions> = kind('::');
