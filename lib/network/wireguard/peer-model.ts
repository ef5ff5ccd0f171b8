import { type Observable, concatMap, from, map, of, reduce } from 'rxjs';
import { omitUndefined } from '../../check/index.js';
import { WgpeerFlags, type SetDeviceRequest } from '../../families/wireguard.js';
import type { NetworkClients } from '../clients.js';
import { nameText } from '../common/name-text.js';
import { FieldError } from '../common/field-error.js';
import { requireFields } from '../fields/shape.js';
import type { LinkNames } from '../names/link-names.js';
import { step, type Step } from '../tables/step.js';
import type { TableModel, Wanted } from '../tables/table-model.js';
import { hasPresharedKey, peerChange, peerOf, peerRequests, sameNetworks, type PeerChange } from './peer-rows.js';
import { PEER_KEY, PEER_SHAPE, PEER_STATE } from './peer-shape.js';
import type { WireguardPeer, WireguardPeerSpec } from './wireguard-peer.js';

type Clients = Pick<NetworkClients, 'link' | 'wireguard'>;

/** RTEXT_FILTER_SKIP_STATS (uapi/linux/rtnetlink.h). */
const SKIP_STATS = 8;

/** Returns what the verbs need to know about the peers of WireGuard links. @internal */
export function peerModel(clients: Clients): TableModel<WireguardPeer> {
  const nameOf = ({ publicKey, link }: Wanted): string => nameText`${publicKey} on ${link}`;
  const write = (index: number, change: PeerChange): readonly Step[] =>
    peerRequests([change]).map((request) => stepOf(clients, { ifindex: index, ...request }));
  return {
    table: 'wireguard',
    noun: 'peer',
    typical: { spec: '{ link, publicKey }' },
    shape: PEER_SHAPE,
    key: PEER_KEY,
    state: PEER_STATE,
    always: ['linkIndex', 'bytesReceived', 'bytesSent'],
    keyNeeds: ['publicKey'],
    identity: ['link', 'publicKey'],
    missing: ['ENODEV'],
    linkFields: ['link'],
    namesByKey: true,
    check: (wanted) => requireFields(wanted, ['link', 'publicKey']),
    nameOf,
    slot: ({ publicKey }) => String(publicKey),
    matches: (peer, key) => peer.publicKey === key['publicKey'] && (key['link'] === undefined || peer.link === key['link']),
    keyOf: ({ link, publicKey }) => omitUndefined({ link, publicKey }),
    equal: {
      allowedIps: sameNetworks,
      presharedKey: (wanted, _found, peer) => hasPresharedKey(peer, wanted),
    },
    read: (names, key = {}) => readPeers(clients, names, key['link'] as string | undefined),
    fromRow: () => undefined,
    watchRequest: () => {
      throw new FieldError('', 'WireGuard sends no events; list the peers at an interval', 'unsupported');
    },
    create: (wanted, names) => {
      const { link, ...peer } = withoutNull(wanted) as unknown as WireguardPeerSpec;
      return write(names.indexOf(link)!, { peer, flags: WgpeerFlags.ReplaceAllowedips });
    },
    update: (peer, wanted, changed) => ({
      steps: write(peer.linkIndex, peerChange(peer, wanted as unknown as WireguardPeerSpec, changed)),
    }),
    remove: ({ linkIndex, publicKey }) => write(linkIndex, { peer: { publicKey }, flags: WgpeerFlags.RemoveMe }),
  };
}

/** A new peer has nothing to remove. */
function withoutNull(wanted: Wanted): Wanted {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null));
}

function stepOf({ wireguard }: Clients, request: SetDeviceRequest): Step {
  return step(wireguard, 'set-device', request);
}

function readPeers(clients: Clients, names: LinkNames, link: string | undefined): Observable<readonly WireguardPeer[]> {
  const index = link === undefined ? undefined : names.indexOf(link);
  if (link !== undefined && index === undefined) return of([]);
  return (index === undefined ? wireguardLinks(clients, names) : of([index])).pipe(
    concatMap((indexes) => from(indexes)),
    concatMap((ifindex) => devicePeers(clients, ifindex, names)),
    reduce<readonly WireguardPeer[], readonly WireguardPeer[]>((all, peers) => [...all, ...peers], []),
  );
}

/** Reads the indexes of the WireGuard links; without any, the family may be absent. */
function wireguardLinks({ link }: Clients, names: LinkNames): Observable<readonly number[]> {
  return link.list('getlink', { extMask: SKIP_STATS, linkinfo: { kind: 'wireguard' } }, { pick: ['ifiIndex', 'ifname', 'linkinfo'] }).pipe(
    map((rows) =>
      rows.flatMap((row) => {
        if (row.linkinfo?.kind !== 'wireguard') return [];
        names.add(row);
        return [row.ifiIndex];
      }),
    ),
  );
}

function devicePeers({ wireguard }: Clients, ifindex: number, names: LinkNames): Observable<readonly WireguardPeer[]> {
  return wireguard
    .list('get-device', { ifindex })
    .pipe(map((devices) => devices.flatMap(({ peers = [] }) => peers.map((row) => peerOf(row, names.nameOf(ifindex)!, ifindex)))));
}
