import { byConvention } from './conventions.js';
import type { Fields } from './fields.js';
import type { LinkNames } from './link-names.js';

type Data = Readonly<Record<string, unknown>>;

/** What `ip -d link` shows of each kind that is neither bridge, nor VXLAN, nor MACVLAN. */
export const KINDS: Readonly<Record<string, (names: LinkNames) => Fields<never>>> = {
  tun: () => byConvention<Data>(),
};

/** What it shows of the ports of masters other than bridges, by the master's kind. */
export const PORTS: Readonly<Record<string, Fields<never>>> = {};
