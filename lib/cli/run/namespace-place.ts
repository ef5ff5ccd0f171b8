import { statSync } from 'node:fs';
import type { Namespace } from '../../network/index.js';

/** The option of a socket that opens it in a namespace; without it, in that of the caller. */
export interface NamespacePlace {
  readonly netns?: string;
}

/** Returns a function from a namespace to the options that open it. The kernel permits only CAP_SYS_ADMIN to enter one, also that of the caller. */
export function namespacePlaces(): (namespace: Namespace) => NamespacePlace {
  const own = statSync('/proc/self/ns/net', { throwIfNoEntry: false })?.ino;
  return ({ inode, path }) => (inode === own ? {} : { netns: path });
}
