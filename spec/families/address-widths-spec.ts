import { expect } from 'chai';
import { EncodeError } from '../../lib/errors/index.js';
import { operationCodec, type FamilySchema, type ValueSchema } from '../../lib/schema/index.js';
import { FAMILIES } from '../../scripts/check-specs/families.js';
import { withoutNeeds } from '../schema/rules/without-needs.js';
import { addressPlaces, type AddressPlace } from './address-places.js';

const V4 = '192.0.2.1';
const V6 = '2001:db8::1';
/** The kernel sets the first five bytes of the address of HSR; requests with others fail. */
const MAC = '01:15:4e:00:01:2d';
const INET = 2;
const INET6 = 10;

const DEVICE = 'the device decides the width: Ethernet 6 bytes, InfiniBand 20, tunnels an IP address';

const GROUP = 'the kernel rejects a sender of another family than the group ("source address length mismatch")';

/** Addresses that requests accept in any width, each with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'rt-link link-attrs.address': DEVICE,
  'rt-link link-attrs.broadcast': DEVICE,
  'rt-link bridge-link-attrs.address': DEVICE,
  'rt-link bond-slave-attrs.permHwaddr': DEVICE,
  'rt-neigh neighbour-attrs.lladdr': DEVICE,
  'rt-mdb mdbe-attrs.source': GROUP,
  'rt-mdb mdbe-srcattr-attrs.address': GROUP,
  'rt-mdb mdbe-attrs.dst': 'a tunnel endpoint has either family: its width is the family',
  'wireguard wgpeer.endpoint': 'it holds its own family (struct sockaddr), and a peer may have either',
};

/** Addresses that no request contains: the kernel sends them in events and replies. */
const REPLIES_ONLY: readonly string[] = [
  ...['saddr4', 'saddr6', 'daddr4', 'daddr6'].map((name) => `mptcp_pm event-attr.${name}`),
  ...['eattr-attrs.source', 'eattr-attrs.dst', 'srcattr-attrs.address'].map((name) => `rt-mdb ${name}`),
  // Requests of these families have subsets of the sets.
  ...[
    ...['batadv.meshAddress', 'batadv.hardAddress', 'batadv.origAddress', 'batadv.ttAddress', 'batadv.neighAddress', 'batadv.router'],
    ...['batadv.blaAddress', 'batadv.blaBackbone', 'batadv.datCacheIp4address', 'batadv.datCacheHwaddress', 'mesh.meshAddress'],
    ...['mesh.hardAddress', 'meter.origAddress', 'hardif.hardAddress', 'local-client.ttAddress', 'global-client.ttAddress'],
    ...['global-client.origAddress', 'originator.origAddress', 'originator.neighAddress', 'neighbor.neighAddress'],
    ...['gateway.origAddress', 'gateway.router', 'claim.blaAddress', 'claim.blaBackbone', 'backbone.blaBackbone'],
    ...['dat-entry.datCacheIp4address', 'dat-entry.datCacheHwaddress', 'mcast.origAddress'],
  ].map((name) => `batadv ${name}`),
  ...['dcb dcb.permHwaddr', 'dcb of-perm-hwaddr.permHwaddr', 'vdpa vdpa.devNetCfgMacaddr', 'vdpa config.devNetCfgMacaddr'],
  ...['hsr.nodeAddr', 'hsr.nodeAddrB', 'node-name.nodeAddr', 'node-list.nodeAddr'].map((name) => `hsr ${name}`),
  ...['hwsim.addrReceiver', 'hwsim.addrTransmitter', 'hwsim.permAddr', 'mac-addr.addrReceiver', 'mac-addr.addrTransmitter'].map(
    (name) => `mac80211_hwsim ${name}`,
  ),
  ...['ipSaddr', 'ipDaddr', 'ip6Saddr', 'ip6Daddr'].map((name) => `l2tp l2tp.${name}`),
  ...['mgmt mgmt', 'unlbl unlabel'].flatMap((set) => ['ipv6addr', 'ipv6mask', 'ipv4addr', 'ipv4mask'].map((name) => `nlbl_${set}.${name}`)),
  ...['ipv4Src', 'ipv4Dst', 'ipv6Src', 'ipv6Dst'].map((name) => `psample tunnel-key.${name}`),
  ...['rt-nd prefix.address', 'rt-nd nduseropt.srcaddr', 'rt-route creport-attrs.srcAddr', 'rt-route creport-attrs.dstAddr'],
  ...['seg6 seg6.dst', 'sock_diag sctp-ipv4.addr', 'sock_diag sctp-ipv6.addr'],
];

/** Addresses that requests omit: the kernel rejects them (NLA_REJECT, or a nest that its policy lacks). */
const READ_ONLY: readonly string[] = [
  'rt-link link-attrs.permAddress',
  'rt-vlan querier-attrs.ipAddress',
  'rt-vlan querier-attrs.ipv6Address',
];

interface Attempt {
  readonly text: string;
  readonly fields?: Readonly<Record<string, number>>;
}

/** Returns texts of the wrong width, and of the right one, for an address. */
function attempts({ hint, address }: ValueSchema): { readonly wrong: Attempt[]; readonly right: Attempt[] } {
  const length = address?.prefix === undefined ? '' : '/8';
  const [v4, v6] = [`${V4}${length}`, `${V6}${length}`];
  if (hint === 'sockaddr_in-or-sockaddr_in6') return { wrong: [{ text: `${V4}:1` }, { text: `[${V6}]:1` }], right: [] };
  if (hint === 'mac') return { wrong: [{ text: '02:00:00:01' }, { text: V4 }, { text: V6 }], right: [{ text: MAC }] };
  if (hint === 'ipv4') return { wrong: [{ text: V6 }], right: [{ text: v4 }] };
  if (hint === 'ipv6') return { wrong: [{ text: V4 }], right: [{ text: v6 }] };
  const family = address?.family;
  if (family === undefined) return { wrong: [{ text: v4 }, { text: v6 }], right: [] };
  const inet = { [family]: INET };
  const inet6 = { [family]: INET6 };
  return {
    wrong: [
      { text: v6, fields: inet },
      { text: v4, fields: inet6 },
      { text: MAC, fields: inet },
    ],
    right: [{ text: v4, fields: inet }, { text: v6, fields: inet6 }, { text: v4 }, { text: v6 }],
  };
}

function failure(schema: FamilySchema, { request }: AddressPlace, { text, fields }: Attempt): unknown {
  const { operation, mode, make } = request!;
  try {
    operationCodec(schema, operation).encode(make(text, fields), mode);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('address attributes of all descriptors', () => {
  const all = FAMILIES.map(withoutNeeds).flatMap((schema) => addressPlaces(schema).map((place) => ({ schema, place })));
  const sent = all.filter(({ place }) => place.request !== undefined && !READ_ONLY.includes(place.name));
  const excepted = (name: string): boolean => Object.hasOwn(EXCEPTIONS, name);

  it(`are ${all.length}, ${sent.length} of them in requests, ${Object.keys(EXCEPTIONS).length} with any width`, () => {
    expect(sent.length).to.be.greaterThan(150);
    expect(sent.map(({ place }) => place.name)).to.include.members(Object.keys(EXCEPTIONS));
    expect(all.filter((one) => !sent.includes(one)).map(({ place }) => place.name)).to.have.members([...READ_ONLY, ...REPLIES_ONLY]);
  });

  for (const { schema, place } of all.filter(({ place: { name } }) => READ_ONLY.includes(name))) {
    it(`omit ${place.name} from requests`, () => {
      const { operation, mode, make } = place.request!;
      const codec = operationCodec(schema, operation);
      expect(codec.encode(make(MAC), mode)).to.deep.equal(codec.encode(make(undefined), mode));
    });
  }

  for (const { schema, place } of sent) {
    const { wrong, right } = attempts(place.schema);
    const exception = EXCEPTIONS[place.name];
    it(exception === undefined ? `reject the wrong width for ${place.name}` : `accept any width for ${place.name}: ${exception}`, () => {
      for (const attempt of wrong) {
        const error = failure(schema, place, attempt);
        const isUnlike = attempt.text === V6 && place.schema.address?.ipv6Kinds !== undefined;
        if (excepted(place.name) && !isUnlike) expect(error, JSON.stringify(attempt)).to.equal(undefined);
        else
          expect(error, JSON.stringify(attempt))
            .to.be.instanceOf(EncodeError)
            .with.property('message')
            .that.matches(/is (?:an IPv[46]|a link-layer) address/);
      }
      for (const attempt of right) expect(failure(schema, place, attempt), JSON.stringify(attempt)).to.equal(undefined);
    });
  }
});
