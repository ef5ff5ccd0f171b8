import { integer } from '../../fields/check.js';
import { link, number, plain, words } from '../../fields/option.js';
import type { Kind } from './kind.js';

/** The options of a ring with redundant paths: HSR or PRP (`IFLA_HSR_*`); none of them can be changed. @public */
export interface HsrOptions {
  /** The first link of the ring, by name (`IFLA_HSR_SLAVE1`). */
  readonly port1?: string;
  /** The second link of the ring, by name (`IFLA_HSR_SLAVE2`). */
  readonly port2?: string;
  /** The link that connects another ring, by name; the kernel does not report it (`IFLA_HSR_INTERLINK`). */
  readonly interlink?: string;
  /** The last byte of the address of supervision frames (`IFLA_HSR_MULTICAST_SPEC`). */
  readonly supervision?: number;
  /** The version of HSR; the kernel does not report it (`IFLA_HSR_VERSION`). */
  readonly version?: number;
  /** The protocol (`IFLA_HSR_PROTOCOL`). @defaultValue for a new link `'hsr'` */
  readonly protocol?: 'hsr' | 'prp' | number;
}

const fixed = { fixed: true };

const unlessReported = (wanted: unknown, found: unknown): boolean => found === undefined || wanted === found;

/** The kind `hsr`. @internal */
export const hsr: Kind<HsrOptions> = {
  options: {
    port1: link('slave1', fixed),
    port2: link('slave2', fixed),
    interlink: { ...link('interlink', fixed), same: unlessReported },
    supervision: plain('multicastSpec', integer(0, 0xff), fixed),
    version: { ...number('version', 1, fixed), same: unlessReported },
    protocol: words('protocol', ['hsr', 'prp'], fixed),
  },
  needs: ['hsr.port1', 'hsr.port2'],
  fromData: (data) => {
    const address = data['supervisionAddr'] as string | undefined;
    return address === undefined ? data : { ...data, multicastSpec: Number.parseInt(address.slice(-2), 16) };
  },
};
