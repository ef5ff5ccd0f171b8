import { existsSync } from 'node:fs';
import { catchError, concat, defer, forkJoin, ignoreElements, map, mergeMap, throwError, type Observable } from 'rxjs';
import { isNetworkError, network, type Network } from 'rxnetlink/network';
import { CniError, ErrorCode } from '../errors.js';
import { ensureBridge } from '../host/bridge.js';
import { ensureMasquerade } from '../host/masquerade.js';
import { toResult, type Result } from '../result.js';
import { requireNamespace, type AttachmentCall } from './call.js';
import { remove } from './remove.js';

/** Connects a container: `ADD`. If a step fails, the steps before it are undone. */
export function add(call: AttachmentCall, netns: string): Observable<Result> {
  const inside = network({ netns });
  const connected = defer(() => {
    const address = `${call.reservations.reserve(call.owner)}/${call.configuration.pool.prefix}`;
    return concat(connect(call, inside, netns, address), readResult(call, inside, netns, address));
  });
  return concat(requireFresh(call, inside, netns), connected.pipe(catchError((error: unknown) => undo(call, netns, error))));
}

/** Fails if there is such an attachment: undoing this one would delete it. */
function requireFresh({ host, hostLink, owner, reservations }: AttachmentCall, inside: Network, netns: string): Observable<never> {
  const links = defer(() => {
    const left = existsSync(netns) ? undefined : reservations.find(owner);
    // Code 3 would mean that no DEL is needed.
    if (left !== undefined) throw exists(`${left.address} is reserved for ${owner.containerID}/${owner.ifname}; call DEL first`);
    requireNamespace(netns);
    return forkJoin([host.links.find(hostLink), inside.links.find(owner.ifname)]);
  });
  return links.pipe(
    map(([outer, inner]) => {
      if (inner !== undefined) throw exists(`${owner.ifname} exists in ${netns}; choose another CNI_IFNAME, or call DEL first`);
      if (outer !== undefined) throw exists(`${hostLink} exists: container ${owner.containerID} was not deleted; call DEL first`);
    }),
    ignoreElements(),
  );
}

const exists = (details: string) => new CniError(ErrorCode.InterfaceExists, 'the interface exists', details);

function connect(call: AttachmentCall, inside: Network, netns: string, address: string): Observable<never> {
  const { host, hostLink, owner, configuration } = call;
  const { bridge, hairpinMode, routes, pool, ipMasq } = configuration;
  const mtu = configuration.mtu === undefined ? {} : { mtu: configuration.mtu };
  const peer = { name: owner.ifname, netns, up: true, ...mtu };
  return concat(
    ensureBridge(host, configuration),
    host.links
      .add({ name: hostLink, kind: 'veth', master: bridge, up: true, ...mtu, bridgePort: { hairpin: hairpinMode }, veth: { peer } })
      .pipe(catchError((error: unknown) => rejectPair(call, error))),
    inside.addresses.add({ link: owner.ifname, address, broadcast: pool.broadcast }),
    ...routes.map(({ dst, gw }) => inside.routes.add({ to: dst, via: gw ?? pool.gateway, link: owner.ifname })),
    ...(ipMasq ? [ensureMasquerade(host, configuration)] : []),
    // The bridge forwards packets of a port that has a carrier.
    host.links.until(hostLink, { carrier: true, timeout: '10s' }),
  ).pipe(ignoreElements());
}

/** Fails with the code 102 if another ADD of this attachment has made the pair in the meantime, else with the error. */
function rejectPair({ host, hostLink, owner }: AttachmentCall, error: unknown): Observable<never> {
  if (!isNetworkError(error, 'exists')) return throwError(() => error);
  return host.links.find(hostLink).pipe(
    map((link) => {
      throw link === undefined ? error : exists(`another ADD has connected container ${owner.containerID}; call DEL first`);
    }),
  );
}

/** Reads the links again: the kernel has chosen MAC addresses. */
function readResult(
  { host, hostLink, owner, configuration }: AttachmentCall,
  inside: Network,
  netns: string,
  address: string,
): Observable<Result> {
  return forkJoin([host.links.get(configuration.bridge), host.links.get(hostLink), inside.links.get(owner.ifname)]).pipe(
    map(([bridge, outer, inner]) => toResult(configuration, [bridge, outer], { ...inner, netns, address })),
  );
}

/** Deletes what was made, except the pair and the address of another ADD of the same attachment, then fails with the reason. */
function undo(call: AttachmentCall, netns: string, reason: unknown): Observable<never> {
  if (reason instanceof CniError && reason.code === ErrorCode.InterfaceExists) return throwError(() => reason);
  const failure = throwError(() => {
    // The reason is then a consequence, such as a link that disappeared.
    requireNamespace(netns);
    return reason;
  });
  return remove(call).pipe(
    catchError(() => throwError(() => reason)),
    mergeMap(() => failure),
  );
}
