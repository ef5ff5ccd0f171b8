import { mergeMap } from 'rxjs';
import type { OperationFlags } from '../../client/index.js';
import type { GetaddrReply, GetaddrRequest } from '../../families/rt-addr.js';
import { familyNumber } from '../fields/address-family.js';
import type { NetworkClients } from '../clients.js';
import { nameText } from '../common/name-text.js';
import { inSlices, translated } from '../common/slices.js';
import { Row } from '../common/written.js';
import { parseCidr } from '../fields/address-checks.js';
import type { LinkNames } from '../names/link-names.js';
import { sameLifetime } from '../fields/lifetime.js';
import { step } from '../tables/step.js';
import type { TableModel, Update, Wanted } from '../tables/table-model.js';
import type { Address } from './address.js';
import { addressOf, addressRequest } from './address-rows.js';
import { ADDRESS_KEY, ADDRESS_SHAPE, ADDRESS_STATE, checkAddress } from './address-shape.js';

/** Properties of an IPv4 address that the kernel acknowledges in a change, and ignores. */
const FIXED_IPV4: readonly string[] = ['scope', 'label', 'broadcast', 'noPrefixRoute', 'autojoin'];

/** The flags of a new address; one object for all of them. */
const CREATION: OperationFlags = { create: true, exclusive: true, echo: true };

/** IFA_F_MCAUTOJOIN of an IPv6 address cannot be cleared. */
const FIXED_IPV6: readonly string[] = ['autojoin'];

/** Returns what the verbs need to know about IP addresses. @internal */
export function addressModel({ addr }: Pick<NetworkClients, 'addr' | 'link'>): TableModel<Address> {
  const remove = ({ ifaFamily, ifaPrefixlen, ifaIndex, local, address }: GetaddrReply): ReturnType<TableModel<Address>['remove']> => [
    step(addr, 'deladdr', { ifaFamily, ifaPrefixlen, ifaIndex, local: local ?? address!, address: address ?? local! }),
  ];
  return {
    table: 'addresses',
    noun: 'address',
    typical: { spec: '{ link, address }', text: 'address' },
    shape: ADDRESS_SHAPE,
    key: ADDRESS_KEY,
    state: ADDRESS_STATE,
    always: ['family', 'linkIndex', 'permanent', 'tentative'],
    keyNeeds: ['address'],
    identity: ['link', 'address', 'peer'],
    missing: ['EADDRNOTAVAIL', 'ENODEV'],
    linkFields: ['link'],
    namesByKey: true,
    check: checkAddress,
    nameOf: addressName,
    slot: ({ link, address }) => `${String(link)} ${hostOf(address)}`,
    matches,
    keyOf,
    read: (names, key = {}) =>
      addr
        .list('getaddr', readRequest(key, names))
        .pipe(mergeMap((rows) => inSlices(() => translated(rows, (row) => addressOf(row, names))))),
    fromRow: (row, names) => addressOf(row as GetaddrReply, names),
    watchRequest: ({ family }) => (family === undefined ? {} : { ifaFamily: familyNumber(family) }),
    rows: (request) => addr.tableOf('getaddr', request),
    filter: {
      // An address without a length matches any length.
      address: (wanted, found) => found === wanted || (hostOf(wanted) === wanted && hostOf(found) === wanted),
    },
    equal: {
      address: (wanted, found, { family }) => wanted === found || (family === 4 && hostOf(wanted) === wanted && hostOf(found) === wanted),
      // The kernel omits a metric of 0.
      metric: (wanted, found) => (wanted ?? 0) === (found ?? 0),
      valid: sameLifetime,
      preferred: sameLifetime,
    },
    // A new address has the properties of its spec, which `check` has seen.
    checkNew: () => undefined,
    create: (wanted, names) => [step(addr, 'newaddr', addressRequest(wanted, names), CREATION)],
    update: (object, wanted, changed, names): Update => {
      // The properties of the spec together with those of the object.
      checkAddress(wanted);
      const fixed = (object.family === 4 ? FIXED_IPV4 : FIXED_IPV6).filter((name) => changed.includes(name));
      if (fixed.length > 0) return { recreate: fixed };
      const request = addressRequest(wanted, names);
      // For IPv6, an address is unique on its link; another prefix length is another address to the kernel only in its route.
      if (changed.includes('address') || changed.includes('peer'))
        return { steps: [...remove(object[Row]), step(addr, 'newaddr', request, { create: true, exclusive: true })] };
      return { steps: [step(addr, 'newaddr', request, { replace: true })] };
    },
    remove: (object) => remove(object[Row]),
  };
}

/** Selects by what the kernel can filter. */
function readRequest({ link, linkIndex, family, address }: Wanted, names: LinkNames): GetaddrRequest {
  const index = typeof link === 'string' ? names.indexOf(link) : typeof linkIndex === 'number' ? linkIndex : undefined;
  const version = family ?? (typeof address === 'string' ? parseCidr(address, 'address').family : undefined);
  return {
    ...(version !== undefined && { ifaFamily: familyNumber(version) }),
    ...(index !== undefined && { ifaIndex: index }),
  };
}

function matches(object: Address, { link, address, peer }: Wanted): boolean {
  if (link !== undefined && object.link !== link) return false;
  if (address !== undefined && hostOf(object.address) !== hostOf(address)) return false;
  if (object.family === 4 && address !== hostOf(address) && address !== undefined && object.address !== address) return false;
  if (peer === undefined || object.family === 6) return true;
  if (peer === null || object.peer === undefined) return peer === null && object.peer === undefined;
  return object.peer === peer || hostOf(object.peer) === peer;
}

/** An IPv4 address is identified by link, address, prefix length and peer, an IPv6 address by link and address. */
function keyOf({ link, address, peer }: Wanted): Wanted {
  const isIpv6 = typeof address === 'string' && address.includes(':');
  return { link, address: isIpv6 ? hostOf(address) : address, ...(!isIpv6 && { peer: peer ?? null }) };
}

function addressName({ address, peer, link }: Wanted): string {
  // A plan has many thousands of names, and most addresses have no peer.
  if (peer === undefined && typeof address === 'string' && typeof link === 'string') return `${address} on ${link}`;
  return nameText`${address} peer ${peer} on ${link}`;
}

function hostOf(address: unknown): string {
  const text = String(address);
  const slash = text.indexOf('/');
  return slash < 0 ? text : text.slice(0, slash);
}
