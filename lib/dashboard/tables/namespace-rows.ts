import { defer, map, Observable, ReplaySubject, share, throttle, timer } from 'rxjs';
import { Row, type Address, type Link, type Neighbour, type Network } from '../../network/index.js';

/** A link with its addresses. */
export type AddressedLink = Link & { readonly addresses: readonly Address[] };

/** The objects of a namespace at one moment, without its routes, by keys that do not change. A map stays the same object until one of its objects changes. */
export interface NamespaceRows {
  /** By index. */
  readonly links: ReadonlyMap<string, AddressedLink>;
  readonly addresses: ReadonlyMap<string, Address>;
  readonly neighbours: ReadonlyMap<string, Neighbour>;
}

/** The shortest time in milliseconds between two emissions. */
const PAUSE_MS = 200;
/** The part of the time that comparing large tables may need: one in so many. */
const SHARE = 10;

/**
 * Emits the links, addresses and neighbours of a namespace, and again after changes.
 *
 * All subscribers share one view of all tables. Streams of single tables would each read the links again whenever the kernel may have changed
 * some of them without an event.
 */
export function watchNamespace(net: Network): Observable<NamespaceRows> {
  return defer(() => {
    const join = addressedLinks();
    let pause = PAUSE_MS;
    const rows = net.view({ links: true, addresses: true, neighbours: true }).pipe(
      throttle(() => timer(pause), { leading: true, trailing: true }),
      map(({ links, addresses, neighbours }): NamespaceRows => ({ links: join(links, addresses), addresses, neighbours })),
    );
    return new Observable<NamespaceRows>((subscriber) =>
      rows.subscribe({
        next: (state) => {
          const start = performance.now();
          subscriber.next(state);
          pause = Math.max(PAUSE_MS, SHARE * (performance.now() - start));
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
  }).pipe(share({ connector: () => new ReplaySubject(1) }));
}

type Links = NamespaceRows['links'];
type Addresses = NamespaceRows['addresses'];

/** Returns a function that adds the addresses to links. A link of which nothing changed stays the same object. */
function addressedLinks(): (links: ReadonlyMap<string, Link>, addresses: Addresses) => Links {
  let before: { readonly links: ReadonlyMap<string, Link>; readonly addresses: Addresses; readonly result: Links } | undefined;
  let known = new Map<Link, AddressedLink>();
  return (links, addresses) => {
    if (before?.links === links && before.addresses === addresses) return before.result;
    const byLink = new Map<string, Address[]>();
    for (const address of addresses.values()) {
      const own = byLink.get(address.link);
      if (own === undefined) byLink.set(address.link, [address]);
      else own.push(address);
    }
    const next = new Map<Link, AddressedLink>();
    for (const link of links.values()) {
      const own = byLink.get(link.name) ?? [];
      const earlier = known.get(link);
      next.set(link, earlier !== undefined && isSame(earlier.addresses, own) ? earlier : { ...link, [Row]: link[Row], addresses: own });
    }
    known = next;
    const result = new Map([...next.values()].map((link) => [String(link.index), link]));
    before = { links, addresses, result };
    return result;
  };
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((element, index) => element === other[index]);
}
