import { NtfFlags, NudState, type GetneighReply } from '../../families/generated/rt-neigh.js';
import { MessageFlags } from '../../wire/index.js';
import type { Device } from './links/device.js';
import type { NetworkTables } from './network-tables.js';
import { INET, INET6 } from './prefixes.js';
import { Rejection } from './rejection.js';

type Attributes = Partial<GetneighReply>;

/** The flags that an entry keeps. */
const KEPT = NtfFlags.Router | NtfFlags.ExtLearned;

/** The MAC addresses of IP addresses; entries keep the state that a program writes. @internal */
export class NeighbourTable {
  readonly #tables: NetworkTables;
  readonly #entries = new Map<string, GetneighReply>();

  constructor(tables: NetworkTables) {
    this.#tables = tables;
  }

  /** Returns the rows of a dump: ordinary entries, or proxies, of one family or both. */
  rows({ ndmFamily = 0, ndmFlags = 0, ifindex }: Attributes): readonly GetneighReply[] {
    const wanted = ndmFlags & NtfFlags.Proxy;
    return [...this.#entries.values()].filter(
      (entry) =>
        (ndmFamily === 0 || entry.ndmFamily === ndmFamily) &&
        (entry.ndmFlags & NtfFlags.Proxy) === wanted &&
        (ifindex === undefined || ifindex === 0 || entry.ndmIfindex === ifindex),
    );
  }

  /** Returns one entry (RTM_GETNEIGH). @throws Rejection */
  get(request: Attributes): GetneighReply {
    const found = this.#entries.get(this.#keyOf(request));
    if (found === undefined) throw new Rejection('ENOENT', 'Neighbour entry not found');
    return found;
  }

  /** Adds or changes an entry (RTM_NEWNEIGH). @throws Rejection */
  add(request: Attributes, flags: number): void {
    const { ndmFlags = 0, ndmState = 0, lladdr, protocol } = request;
    const key = this.#keyOf(request);
    const found = this.#entries.get(key);
    const isProxy = (ndmFlags & NtfFlags.Proxy) !== 0;
    if (found !== undefined && !isProxy && (flags & MessageFlags.Exclusive) !== 0) throw new Rejection('EEXIST');
    if (found === undefined && !isProxy && (flags & MessageFlags.Create) === 0) throw new Rejection('ENOENT');
    const mac = lladdr ?? found?.lladdr;
    const kept = (flags & MessageFlags.Replace) === 0 ? (found?.ndmFlags ?? 0) & KEPT : 0;
    const entry: GetneighReply = {
      ...{ ndmFamily: request.ndmFamily ?? 0, ndmIfindex: request.ndmIfindex ?? 0, ndmState: isProxy ? 0 : ndmState },
      ...{ ndmFlags: isProxy ? NtfFlags.Proxy : (ndmFlags & KEPT) | kept, ndmType: 'unicast', dst: request.dst! },
      ...(!isProxy && { probes: 0, cacheinfo: { confirmed: 0, used: 0, updated: 0, refcnt: 0 } }),
      ...(mac !== undefined && !isProxy && { lladdr: mac }),
      ...((protocol ?? 0) !== 0 && { protocol: protocol! }),
    };
    this.#entries.set(key, entry);
    // Proxies change without a notification.
    if (!isProxy) this.#tables.notify.neighbour('new', entry);
  }

  /** Deletes an entry (RTM_DELNEIGH). @throws Rejection */
  delete(request: Attributes): void {
    const key = this.#keyOf(request);
    const entry = this.#entries.get(key);
    if (entry === undefined) throw new Rejection('ENOENT');
    this.#entries.delete(key);
    if ((entry.ndmFlags & NtfFlags.Proxy) !== 0) return;
    const { lladdr: _forgotten, ...rest } = entry;
    const failed = { ...rest, ndmState: NudState.Failed };
    this.#tables.notify.neighbour('new', failed);
    this.#tables.notify.neighbour('del', failed);
  }

  /** Deletes the entries of a link. @param but - Keeps entries with one of these states. */
  flush({ index }: Device, { family, but = 0 }: { readonly family?: number; readonly but?: number } = {}): void {
    for (const [key, entry] of this.#entries) {
      if (entry.ndmIfindex !== index || (family !== undefined && entry.ndmFamily !== family) || (entry.ndmState & but) !== 0) continue;
      this.#entries.delete(key);
      if ((entry.ndmFlags & NtfFlags.Proxy) === 0) this.#tables.notify.neighbour('del', entry);
    }
  }

  /** @throws Rejection if the request names no entry. */
  #keyOf({ ndmFamily = 0, ndmIfindex = 0, ndmFlags = 0, dst }: Attributes): string {
    const isProxy = (ndmFlags & NtfFlags.Proxy) !== 0;
    if (ndmFamily !== INET && ndmFamily !== INET6) throw new Rejection('EOPNOTSUPP');
    if (dst === undefined) throw new Rejection('EINVAL', 'Network address not specified');
    if (ndmIfindex !== 0 && this.#tables.links.byIndex(ndmIfindex) === undefined) throw new Rejection('ENODEV');
    if (ndmIfindex === 0 && !(isProxy && ndmFamily === INET)) throw new Rejection(isProxy ? 'ENOBUFS' : 'EINVAL');
    return `${ndmFamily} ${ndmIfindex} ${isProxy ? 'proxy' : ''} ${dst}`;
  }
}
