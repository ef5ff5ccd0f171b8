import { forkJoin, map, of, type Observable } from 'rxjs';
import { omitUndefined } from '../../check/index.js';
import { NtfFlags, type GetneighReply, type GetneighRequest, type NewneighRequest } from '../../families/rt-neigh.js';
import { familyNumber } from '../fields/address-family.js';
import type { NetworkClients } from '../clients.js';
import { nameText } from '../common/name-text.js';
import { FieldError } from '../common/field-error.js';
import { Row, withRow } from '../common/written.js';
import type { LinkNames } from '../names/link-names.js';
import type { RouteNames } from '../names/route-names.js';
import { step } from '../tables/step.js';
import type { TableModel, Wanted } from '../tables/table-model.js';
import { macBytes, requireLength } from './neighbour-mac.js';
import type { Neighbour, NeighbourFields } from './neighbour.js';
import { checkNeighbour, NEIGHBOUR_STATE, neighbourShape, stateName, STATES } from './neighbour-shape.js';

type Context = Pick<NetworkClients, 'neigh'> & Pick<RouteNames, 'protocols'>;

const [INET, INET6] = [familyNumber(4), familyNumber(6)];

/** Returns what the verbs need to know about neighbour entries. @internal */
export function neighbourModel({ neigh, protocols }: Context): TableModel<Neighbour> {
  const shape = neighbourShape(protocols);
  const objectOf = (row: GetneighReply, names: LinkNames): readonly Neighbour[] => {
    const { ndmFamily, ndmIfindex, ndmFlags, ndmState, dst, lladdr, protocol } = row;
    const link = names.nameOf(ndmIfindex);
    if (dst === undefined || (ndmFamily !== INET && ndmFamily !== INET6) || (link === undefined && ndmIfindex !== 0)) return [];
    const has = (flag: number): true | undefined => (ndmFlags & flag) !== 0 || undefined;
    const proxy = has(NtfFlags.Proxy);
    const neighbour = omitUndefined({
      link,
      address: dst,
      proxy,
      mac: lladdr,
      state: proxy ? undefined : stateName(ndmState),
      router: has(NtfFlags.Router),
      external: has(NtfFlags.ExtLearned),
      protocol: protocol === undefined ? undefined : protocols.nameOf(protocol),
      family: ndmFamily === INET ? (4 as const) : (6 as const),
      linkIndex: ndmIfindex,
    });
    return [withRow(neighbour, row)];
  };
  const request = (wanted: Wanted, names: LinkNames): NewneighRequest => {
    const { link, address, proxy, mac, state = 'permanent', router, external, protocol } = wanted as unknown as NeighbourFields;
    if (link !== undefined && mac !== undefined) requireLength('mac', mac, names.addressLengthOf(names.indexOf(link) ?? -1), link);
    const flags = [proxy === true && NtfFlags.Proxy, router === true && NtfFlags.Router, external === true && NtfFlags.ExtLearned];
    return omitUndefined({
      ndmFamily: address.includes(':') ? INET6 : INET,
      ndmIfindex: link === undefined ? 0 : names.indexOf(link)!,
      ndmFlags: flags.reduce<number>((sum, flag) => sum | Number(flag), 0),
      ndmState: proxy === true ? 0 : typeof state === 'number' ? state : STATES[state],
      dst: address,
      lladdr: mac === undefined ? undefined : macBytes(mac),
      protocol: protocol === undefined ? undefined : protocols.numberOf(protocol),
    });
  };
  const read = (names: LinkNames, key: Wanted, proxy: boolean): Observable<readonly Neighbour[]> =>
    neigh.list('getneigh', readRequest(key, names, proxy)).pipe(map((rows) => rows.flatMap((row) => objectOf(row, names))));

  return {
    table: 'neighbours',
    noun: 'neighbour',
    typical: { spec: '{ link, address, mac }', text: 'address' },
    shape,
    key: {
      fields: { link: shape.fields['link']!, address: shape.fields['address']!, proxy: shape.fields['proxy']! },
      out: [...Object.keys(shape.fields), ...NEIGHBOUR_STATE],
    },
    state: NEIGHBOUR_STATE,
    always: ['family', 'linkIndex'],
    keyNeeds: ['address'],
    identity: ['link', 'address', 'proxy'],
    missing: ['ENOENT', 'ENODEV'],
    linkFields: ['link'],
    namesByKey: true,
    check: checkNeighbour,
    nameOf: ({ link, address, proxy }) => nameText`${proxy === true ? 'proxy' : undefined} ${address} on ${link}`,
    slot: ({ link, address }) => `${String(link)} ${String(address)}`,
    matches: (object, { link, address, proxy }) =>
      (link === undefined || (link ?? undefined) === object.link) &&
      (address === undefined || object.address === address) &&
      (proxy === true) === (object.proxy === true),
    keyOf: ({ link, address, proxy }) => ({ link: link ?? null, address, proxy: proxy === true }),
    // The kernel dumps ordinary entries or proxies.
    read: (names, key = {}) => {
      const isWanted = (proxy: boolean): boolean => key['proxy'] === undefined || (key['proxy'] === true) === proxy;
      const none = of<readonly Neighbour[]>([]);
      return forkJoin([isWanted(false) ? read(names, key, false) : none, isWanted(true) ? read(names, key, true) : none]).pipe(
        map(([ordinary, proxies]) => [...ordinary.filter((entry) => isListed(entry, key)), ...proxies]),
      );
    },
    fromRow: (row, names) => objectOf(row as GetneighReply, names)[0],
    watchRequest: ({ family, proxy }) => {
      if (proxy === true) throw new FieldError('proxy', 'the kernel sends no events for proxy entries; list() reads them', 'unsupported');
      return family === undefined ? {} : { ndmFamily: family === 4 ? INET : INET6 };
    },
    rows: (request) => neigh.tableOf('getneigh', request),
    create: (wanted, names) => [step(neigh, 'newneigh', request(wanted, names), { create: true, exclusive: true })],
    update: (_object, wanted, _changed, names) => ({ steps: [step(neigh, 'newneigh', request(wanted, names), { replace: true })] }),
    remove: (object) => {
      const { ndmFamily, ndmIfindex, dst, ndmFlags } = object[Row];
      return [step(neigh, 'delneigh', { ndmFamily, ndmIfindex, dst: dst!, ndmFlags: ndmFlags & NtfFlags.Proxy })];
    },
  };
}

/** Selects by what the kernel can filter. */
function readRequest({ link, linkIndex, address, family }: Wanted, names: LinkNames, proxy: boolean): GetneighRequest {
  const index = typeof link === 'string' ? names.indexOf(link) : typeof linkIndex === 'number' ? linkIndex : undefined;
  const version = family ?? (typeof address === 'string' ? (address.includes(':') ? 6 : 4) : undefined);
  return {
    ...(version !== undefined && { ndmFamily: version === 4 ? INET : INET6 }),
    ...(index !== undefined && index !== 0 && !proxy && { ifindex: index }),
    ...(proxy && { ndmFlags: NtfFlags.Proxy }),
  };
}

/**
 * Entries without a state, and those of addresses that need no resolution, appear and disappear by themselves: they are read
 * only if they are wanted by their address or their state, as `ip neighbour` lists them only with `nud all`.
 */
function isListed({ state }: Neighbour, { address, state: wanted }: Wanted): boolean {
  return address !== undefined || wanted === state || (state !== 'none' && state !== 'noarp');
}
