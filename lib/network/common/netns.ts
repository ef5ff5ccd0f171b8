import type { NetlinkSocketOptions } from '../../socket/index.js';

/** A network namespace: a name under /run/netns, a path, a process, or an open descriptor. @public */
export type Netns = NonNullable<NetlinkSocketOptions['netns']>;
