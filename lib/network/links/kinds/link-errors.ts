import { suggestion } from '../../../check/index.js';
import type { KernelError } from '../../../errors/index.js';
import { moduleAdvice, type Explanation } from '../../common/translate-error.js';
import { kinds } from './kinds.js';

/** Remedies for the names of a verb that another link has. */
const TAKEN: Readonly<Record<string, string>> = {
  add: 'a link with this name, or with the name of its peer, exists; ensure() accepts a link that exists',
  rename: 'another link has the new name, or has it as an alternative name; delete or rename that link first',
};

/** Errors that the kernel, or an older one, sends without a text. */
const LIMITS: Readonly<Record<string, Explanation>> = {
  'add EBUSY': { text: 'parent: the link is in use: it has a master, or links of another kind stand on it', path: 'parent' },
  // IFF_UP, until Linux 6.2.
  'rename EBUSY': { text: 'this kernel renames a link only while it is down; set it down first' },
  // NETIF_F_NETNS_LOCAL; newer kernels have a text.
  'move EINVAL': { text: 'this kernel does not move the link to another network namespace', reason: 'unsupported' },
};

/** The verbs that write an address. */
const WRITERS: ReadonlySet<string> = new Set(['add', 'change', 'ensure']);

/** Remedy for an address that no driver accepts (is_valid_ether_addr). */
const MAC: Explanation = {
  text: 'the link has no valid MAC address, or would get one; mac: the first byte must be even, and the address must not be zero',
  path: 'mac',
};

/** Returns the meaning of errors that the kernel explains too little. @internal */
export function explainLinkError({ code, message, extendedAck }: KernelError, verb: string): Explanation | undefined {
  if (code === 'EEXIST' && extendedAck.message === undefined && TAKEN[verb] !== undefined) return { text: TAKEN[verb] };
  if (extendedAck.message === undefined) {
    const limit = LIMITS[`${verb} ${code}`];
    if (limit !== undefined) return limit;
  }
  if (code === 'EADDRNOTAVAIL' && extendedAck.message === undefined && WRITERS.has(verb)) return MAC;
  const advice = moduleAdvice(message);
  const kind = /^this kernel may lack link kind '([^']*)'/.exec(advice ?? '')?.[1];
  return advice === undefined || kind === undefined ? undefined : { text: kindRemedy(kind) ?? advice, path: 'kind' };
}

function kindRemedy(kind: string): string | undefined {
  if (kind === 'tap') return "kind: 'tap' is not a kind; write kind 'tun' with tun: { mode: 'tap' }";
  if (kinds.has(kind)) return undefined;
  const similar = suggestion(kind, kinds.keys());
  return similar === '' ? undefined : `kind: the kernel has no kind '${kind}'; ${similar}`;
}
