import { type Observable, catchError, concat, concatMap, defer, EMPTY, from, ignoreElements, map, mergeMap, of, throwError } from 'rxjs';
import { omitUndefined } from '../../check/index.js';
import { isKernelError } from '../../errors/index.js';
import type { NewlinkRequest, rtLink } from '../../families/rt-link.js';
import type { NetworkClients } from '../clients.js';
import { FieldError } from '../common/field-error.js';
import { Row } from '../common/written.js';
import type { Normal } from '../fields/shape.js';
import type { LinkNames } from '../names/link-names.js';
import type { Wanted } from '../tables/table-model.js';
import { createDevice } from './create-device.js';
import { kinds } from './kinds/kinds.js';
import { allPaths, basicsOf, flagsOf, kindChange, newKind, portChange, settingsOf, type Paths } from './link-requests.js';
import type { Link } from './link.js';
import { inNamespace } from './namespace.js';
import { peerOf, peerSetting, withPeerDescriptor, writePeer } from './parts/remote-peer.js';
import { writeVfs, type Vf } from './parts/vf.js';
import type { VlanRange } from './parts/vlan-range.js';
import { writeVlans } from './parts/vlans.js';
import { deviceRequests } from '../wireguard/peer-list.js';
import type { WireguardPeerOptions } from '../wireguard/wireguard-peer.js';

type LinkClient = ReturnType<typeof rtLink>;

/** The kinds of links that have ports. */
const MASTERS: ReadonlySet<string> = new Set(['bridge', 'bond', 'team', 'vrf']);

/** Properties whose requests need the reply to an earlier one, or another operation. */
const LATER: readonly string[] = ['altnames', 'bridgePort', 'bondPort', 'vlans', 'vfs'];

/** IPV6_MIN_MTU. */
const LEAST_IPV6_MTU = 1280;

/** The requests of a verb. Nothing is emitted. */
type Work = Observable<never>;

/** The properties of a new link that its first message has. */
interface NewLink {
  readonly name?: string;
  readonly kind?: string;
  readonly txQueues?: number;
  readonly rxQueues?: number;
  readonly parent?: string;
  /** The index that the link had before it was deleted; the kernel chooses one if it is omitted. */
  readonly index?: number;
}

/** A link, as requests select it. */
type Selected = { readonly ifiIndex: number } | { readonly ifname: string };

/** The namespace from which a link is created, if it is another one: its parent is there. @internal */
export interface Origin {
  readonly client: LinkClient;
  /** An open descriptor of the namespace of the new link. */
  readonly netNsFd: number;
  readonly parent: number | undefined;
}

/** Creates and changes links with as many messages as the kernel needs. @internal */
export class LinkWriter {
  readonly #clients: NetworkClients;
  readonly #client: LinkClient;
  readonly #origin: Origin | undefined;

  constructor(clients: NetworkClients, origin?: Origin) {
    this.#clients = clients;
    this.#client = clients.link;
    this.#origin = origin;
  }

  /** Creates a link. If a later message fails, the link is deleted. */
  create(wanted: Wanted, names: LinkNames): Work {
    const { name: ifname, altnames } = wanted as { readonly name: string; readonly altnames?: readonly string[] };
    const paths = allPaths(wanted);
    const flags = flagsOf(wanted, paths);
    const settings = settingsOf(wanted, paths, names);
    const device = kinds.get(wanted['kind'] as string)?.device;
    const isPort = typeof wanted['master'] === 'string' || wanted['bridgePort'] !== undefined || wanted['bondPort'] !== undefined;
    const separate = kinds.get(wanted['kind'] as string)?.separate === true;
    const later = device !== undefined || separate || isPort || wanted['vlans'] !== undefined || Object.keys(settings).length > 0;
    const self = { ifname };
    const rest = concat(
      device === undefined ? EMPTY : this.#send(self, basicsOf(wanted, paths)),
      later ? this.#send(self, settings) : EMPTY,
      isPort ? this.#join(self, wanted, paths, names, false) : EMPTY,
      this.#parts(self, wanted, paths),
      this.#device(self, wanted, paths, []),
      later ? this.#send(self, flags ?? {}) : EMPTY,
      this.#altnames(self, altnames ?? [], []),
      this.#peerUp(wanted),
    );
    const undo = this.#client.do('dellink', self).pipe(ignoreElements());
    return concat(
      device === undefined
        ? this.#make(wanted, names, later ? undefined : flags)
        : createDevice(this.#client, { name: ifname, ...device(wanted[wanted['kind'] as string] as Wanted) }),
      rest.pipe(
        catchError((error: unknown) =>
          concat(
            undo.pipe(catchError(() => EMPTY)),
            throwError(() => error),
          ),
        ),
      ),
    );
  }

  /** Changes a link. */
  update(link: Link, wanted: Wanted, paths: Paths, names: LinkNames): Work {
    const { [Row]: row, altnames: found = [] } = link;
    const { ifiIndex, ifiFlags, linkinfo } = row;
    const self = { ifiIndex };
    const flags = flagsOf(wanted, paths);
    // A link goes down before everything else, and up after it.
    const first = paths.has('up') && wanted['up'] === false;
    const kind = kindChange(wanted, paths, names);
    const settings = { ...basicsOf(wanted, paths), ...settingsOf(wanted, paths, names), ...(kind !== undefined && { linkinfo: kind }) };
    // Below this MTU a link has no IPv6, and the kernel rejects a request with settings of it (EAFNOSUPPORT).
    const { mtu } = settings;
    const gainsIpv6 =
      mtu !== undefined && mtu >= LEAST_IPV6_MTU && (row.mtu ?? mtu) < LEAST_IPV6_MTU && settings.afSpec?.inet6 !== undefined;
    const [added, removed] = paths.has('altnames') ? difference((wanted['altnames'] ?? []) as readonly string[], found) : [[], []];
    return concat(
      first ? this.#send(self, flags ?? {}) : EMPTY,
      gainsIpv6 ? this.#send(self, { mtu }) : EMPTY,
      this.#send(self, settings),
      this.#join(self, wanted, paths, names, (ifiFlags & 1) !== 0, linkinfo?.slaveKind),
      this.#parts(self, wanted, paths),
      this.#device({ ifindex: ifiIndex }, wanted, paths, link.wireguard?.peers ?? []),
      first ? EMPTY : this.#send(self, flags ?? {}),
      this.#altnames(self, added, removed),
      writePeer(this.#clients, link, wanted, paths),
    );
  }

  /** Returns the requests that create a link, then change it by its name; see {@link canBeTogether}. @throws FieldError */
  requests(wanted: Wanted, names: LinkNames): readonly NewlinkRequest[] {
    const { name: ifname, master } = wanted as { readonly name: string; readonly master?: string | null };
    const peer = peerOf(wanted);
    const paths = allPaths(wanted);
    const flags = flagsOf(wanted, paths);
    const settings = settingsOf(wanted, paths, names);
    const port = typeof master === 'string' ? [{ master: names.indexOf(master)! }] : [];
    const changes = [...(Object.keys(settings).length > 0 ? [settings] : []), ...port];
    const isLater = changes.length > 0;
    const rest = isLater && flags !== undefined ? [...changes, flags] : changes;
    const first = withPeer(this.#newRequest(wanted, names, isLater ? undefined : flags), wanted, peer);
    return [first, ...rest.map((change) => ({ ifname, ...change }))];
  }

  /** Sends the message that creates a link. */
  #make(wanted: Wanted, names: LinkNames, flags: NewlinkRequest | undefined): Work {
    const request = this.#newRequest(wanted, names, flags);
    const client = this.#origin?.client ?? this.#client;
    const options = { create: true, exclusive: true };
    const peer = peerOf(wanted);
    if (peer === undefined) return client.do('newlink', request, options).pipe(ignoreElements());
    return withPeerDescriptor(this.#clients, wanted['kind'] as string, peer.netns, (netNsFd) =>
      client.do('newlink', withPeer(request, wanted, peer, netNsFd), options).pipe(ignoreElements()),
    );
  }

  /** Returns the request that creates a link; that of a pair lacks its peer. */
  #newRequest(wanted: Wanted, names: LinkNames, flags: NewlinkRequest | undefined): NewlinkRequest {
    const { name, kind, txQueues, rxQueues, parent, index: ifiIndex } = wanted as NewLink;
    const origin = this.#origin;
    const index = origin === undefined ? (parent === undefined ? undefined : names.indexOf(parent)) : origin.parent;
    const inData = kinds.get(kind ?? '')?.parentIn === 'link';
    return omitUndefined({
      ifname: name,
      ifiIndex,
      ...basicsOf(wanted, allPaths(wanted)),
      ...flags,
      numTxQueues: txQueues,
      numRxQueues: rxQueues,
      netNsFd: origin?.netNsFd,
      link: inData ? undefined : index,
      linkinfo: newKind(wanted, names, inData ? index : undefined),
    });
  }

  /** Sets the peer of a new pair up. The kernel rejects a pair whose peer is up in the message that creates it (ENOTCONN). */
  #peerUp(wanted: Wanted): Work {
    const peer = peerOf(wanted);
    if (peer?.up !== true) return EMPTY;
    const up = { ifname: peer.name, ifiFlags: 1, ifiChange: 1 };
    if (peer.netns === undefined) return this.#client.do('newlink', up).pipe(ignoreElements());
    return inNamespace(this.#clients, peer.netns, ({ link }) => link.do('newlink', up).pipe(ignoreElements()));
  }

  /** Changes the master, then the settings of the port. */
  #join(self: Selected, wanted: Wanted, paths: Paths, names: LinkNames, isUp: boolean, slaveKind?: string): Work {
    const { master } = wanted as { readonly master?: string | null };
    const port = portChange(wanted, paths, names);
    const changesMaster = paths.has('master');
    const index = typeof master === 'string' ? names.indexOf(master)! : 0;
    const isBond = (): Observable<boolean> =>
      index === 0 || !isUp
        ? of(false)
        : this.#client.do('getlink', { ifiIndex: index }).pipe(map(({ linkinfo }) => linkinfo?.kind === 'bond'));
    const enslave = defer(isBond).pipe(
      // A bond accepts only ports that are down; it sets them up.
      mergeMap((bond) => concat(bond ? this.#send(self, { ifiFlags: 0, ifiChange: 1 }) : EMPTY, this.#enslave(self, index, master))),
    );
    return concat(
      changesMaster ? enslave : EMPTY,
      port === undefined ? EMPTY : this.#port(self, port, changesMaster ? undefined : slaveKind),
    );
  }

  /** Writes the master; a link whose kind has no ports is named by it. */
  #enslave(self: Selected, index: number, name: string | null | undefined): Work {
    return this.#send(self, { master: index }).pipe(
      catchError((error: unknown) => {
        if (index === 0 || !isKernelError(error, 'EOPNOTSUPP') || error.extendedAck.message !== undefined) return throwError(() => error);
        return this.#client.do('getlink', { ifiIndex: index }).pipe(
          catchError(() => of(undefined)),
          mergeMap((row) => {
            const kind = row?.linkinfo?.kind;
            // The kernel's other reasons stay as they are.
            if (row === undefined || MASTERS.has(kind ?? '')) return throwError(() => error);
            const what = kind === undefined ? 'has' : `is of kind '${kind}', which has`;
            const text = `${name ?? ''} ${what} no ports (EOPNOTSUPP); a bridge, bond, team or vrf has`;
            return throwError(() => new FieldError('master', text, 'unsupported'));
          }),
        );
      }),
    );
  }

  /** Writes the settings of a port, if its master has their kind. */
  #port(self: Selected, { property, slaveKind, linkinfo }: NonNullable<ReturnType<typeof portChange>>, known: string | undefined): Work {
    const kind: Observable<string | undefined> =
      known === undefined ? this.#client.do('getlink', self).pipe(map((row) => row.linkinfo?.slaveKind)) : of(known);
    return kind.pipe(
      mergeMap((found): Work => {
        if (found === slaveKind) return this.#send(self, { linkinfo });
        return throwError(() => new FieldError(property, `the link has no master of kind '${slaveKind}'; set master to one`));
      }),
    );
  }

  /** Writes VLANs and virtual functions. A new master resets the VLANs of a port. */
  #parts(self: Selected, wanted: Wanted, paths: Paths): Work {
    const { vlans, vfs } = wanted as { readonly vlans?: readonly VlanRange[]; readonly vfs?: readonly Normal<Vf>[] };
    return concat(
      vlans !== undefined && (paths.has('vlans') || paths.has('master')) ? defer(() => writeVlans(this.#clients, self, vlans)) : EMPTY,
      vfs !== undefined && paths.has('vfs') ? writeVfs(this.#client, self, vfs) : EMPTY,
    );
  }

  /** Writes the options of a WireGuard link, which another family has. */
  #device(
    self: { readonly ifname: string } | { readonly ifindex: number },
    wanted: Wanted,
    paths: Paths,
    found: readonly WireguardPeerOptions[],
  ): Work {
    const options = Object.entries(wanted['wireguard'] ?? {}).filter(([name]) => paths.has(`wireguard.${name}`));
    const requests = deviceRequests(self, Object.fromEntries(options), found);
    return from(requests).pipe(concatMap((request) => this.#clients.wireguard.do('set-device', request).pipe(ignoreElements())));
  }

  #altnames(self: Selected, added: readonly string[], removed: readonly string[]): Work {
    const list = (names: readonly string[]): NewlinkRequest => ({ ...self, propList: { altIfname: names } });
    return concat(
      removed.length === 0 ? EMPTY : this.#client.do('dellinkprop', list(removed)).pipe(ignoreElements()),
      added.length === 0 ? EMPTY : this.#client.do('newlinkprop', list(added), { create: true, exclusive: true }).pipe(ignoreElements()),
    );
  }

  #send(self: Selected, change: NewlinkRequest): Work {
    if (Object.keys(change).length === 0) return EMPTY;
    return this.#client.do('newlink', { ...self, ...change } as NewlinkRequest).pipe(ignoreElements());
  }
}

/**
 * Returns true for a link of which no request needs a reply to an earlier one, or another socket.
 *
 * @param isNew - False if the link may exist: then it needs no kind.
 * @internal
 */
export function canBeTogether(wanted: Wanted, isNew: boolean): boolean {
  const kind = kinds.get(wanted['kind'] as string);
  const peer = peerOf(wanted);
  if (kind === undefined && (isNew || wanted['kind'] !== undefined)) return false;
  if (kind?.device !== undefined || kind?.separate === true) return false;
  // The peer of a link that exists is read for the comparison.
  const isAlone = isNew ? peer?.up === true : peerSetting(wanted) !== undefined;
  return peer?.netns === undefined && !isAlone && LATER.every((name) => wanted[name] === undefined);
}

/** Returns true for a new link that can be made without the names of other links. Its options may need them. @internal */
export function canBeFirst(wanted: Wanted): boolean {
  return canBeTogether(wanted, true) && typeof wanted['master'] !== 'string' && typeof wanted['parent'] !== 'string';
}

/** Adds the peer to the request that creates a pair. */
function withPeer(request: NewlinkRequest, wanted: Wanted, peer: ReturnType<typeof peerOf>, netNsFd?: number): NewlinkRequest {
  if (peer === undefined) return request;
  const kind = wanted['kind'] as string;
  const { index, name: ifname, mac, mtu } = peer as typeof peer & { readonly index?: number };
  const info = omitUndefined({ ifname, ifiIndex: index, address: mac, mtu, netNsFd });
  const { data } = request.linkinfo as { readonly data?: object };
  const linkinfo = { kind, data: { ...data, [kinds.get(kind)!.peerIn!]: info } } as NewlinkRequest['linkinfo'];
  return { ...request, linkinfo } as NewlinkRequest;
}

/** Returns the elements of a list that another one lacks, and the reverse. */
function difference(wanted: readonly string[], found: readonly string[]): readonly [added: readonly string[], removed: readonly string[]] {
  return [wanted.filter((name) => !found.includes(name)), found.filter((name) => !wanted.includes(name))];
}
