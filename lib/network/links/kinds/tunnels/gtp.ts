import { number, words } from '../../../fields/option.js';
import type { Kind } from '../kind.js';

/** The options of a GTP tunnel (`IFLA_GTP_*`), whose UDP sockets the kernel opens; none of them can be changed. @public */
export interface GtpOptions {
  /** The side of the tunnel (`IFLA_GTP_ROLE`). */
  readonly role?: 'ggsn' | 'sgsn' | number;
  /** The size of the table of contexts (`IFLA_GTP_PDP_HASHSIZE`). */
  readonly hashSize?: number;
  /** The counter of restarts in echo replies (`IFLA_GTP_RESTART_COUNT`). */
  readonly restartCount?: number;
}

const fixed = { fixed: true };

/** The kind `gtp`. @internal */
export const gtp: Kind<GtpOptions> = {
  options: {
    role: words('role', ['ggsn', 'sgsn'], fixed),
    hashSize: number('pdpHashsize', 0x7fff_ffff, fixed),
    restartCount: number('restartCount', 0xff, fixed),
  },
  needs: ['gtp.role'],
};
