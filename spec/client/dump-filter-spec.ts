import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { rtAddr, rtAddrSchema } from '../../lib/families/rt-addr.js';
import { rtLink, rtLinkSchema, type RtLinkFamily } from '../../lib/families/rt-link.js';
import { rtNeigh, rtNeighSchema } from '../../lib/families/rt-neigh.js';
import { rtRoute, rtRouteSchema, type RtRouteFamily } from '../../lib/families/rt-route.js';
import { rtVlan, rtVlanSchema } from '../../lib/families/rt-vlan.js';
import { suits } from '../../lib/client/request/dump-filter.js';
import { MessageFlags } from '../../lib/index.js';
import { operationCodec, type FamilySchema } from '../../lib/schema/index.js';
import { fakeKernel, multipart, type FakeKernel } from '../../lib/testing/index.js';

/** Creates a kernel that replies to every dump with these rows and flags. */
function kernelWith(schema: FamilySchema, op: string, rows: readonly object[], flags = 0): FakeKernel {
  const reply = schema.operations.find(({ name }) => name === op)!.dump!.reply!;
  return fakeKernel(() => multipart(rows.map((row) => ({ type: reply, flags, payload: operationCodec(schema, op).encode(row, 'reply') }))));
}

const routes = [
  { rtmFamily: 2, rtmTable: 254, rtmProtocol: 3, rtmType: 'unicast', table: 254, dst: '192.0.2.1', oif: 5 },
  { rtmFamily: 2, rtmTable: 255, rtmProtocol: 2, rtmType: 'local', table: 255, dst: '192.0.2.2', oif: 5 },
  { rtmFamily: 2, rtmTable: 254, rtmProtocol: 4, rtmType: 'blackhole', table: 254, dst: '192.0.2.3' },
  {
    ...{ rtmFamily: 2, rtmTable: 254, rtmProtocol: 3, rtmType: 'unicast', table: 254, dst: '192.0.2.4' },
    multipath: [{ rtnhIfindex: 6 }, { rtnhIfindex: 5 }],
  },
  { rtmFamily: 2, rtmTable: 254, rtmProtocol: 3, rtmType: 'unicast', table: 254, dst: '192.0.2.5', nhId: 9 },
];

describe('a dump with filters', () => {
  const destinations = async (request: RtRouteFamily['dump']['getroute']['request'], flags = 0): Promise<unknown> => {
    using client = rtRoute({ transport: kernelWith(rtRouteSchema, 'getroute', routes, flags) });
    return (await lastValueFrom(client.list('getroute', request))).map(({ dst }) => Number(dst?.split('.').at(-1)));
  };

  it('checks rows that the kernel has not filtered', async () => {
    expect(await destinations({ rtmTable: 255 })).to.deep.equal([2]);
    expect(await destinations({ table: 254, rtmProtocol: 3 })).to.deep.equal([1, 4, 5]);
    expect(await destinations({ rtmType: 'blackhole' })).to.deep.equal([3]);
  });

  it('finds an interface among several nexthops, and keeps rows that name no interface', async () => {
    expect(await destinations({ oif: 5 })).to.deep.equal([1, 2, 4, 5]);
    expect(await destinations({ oif: 6 })).to.deep.equal([4, 5]);
  });

  it('accepts every form of a value', async () => {
    // RTN_BLACKHOLE
    expect(await destinations({ rtmType: 6 })).to.deep.equal([3]);
    // RTN_UNSPEC, which is also the default
    expect(await destinations({ rtmType: 'unspec' })).to.deep.equal([1, 2, 3, 4, 5]);
    expect(await destinations({ rtmType: 0 })).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('checks nothing when the kernel reports that it has filtered', async () => {
    expect(await destinations({ rtmTable: 255 }, MessageFlags.DumpFiltered)).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('checks nothing for an empty request, and no property without a filter', async () => {
    expect(await destinations({})).to.deep.equal([1, 2, 3, 4, 5]);
    expect(await destinations({ rtmTable: 0, rtmFamily: 0 })).to.deep.equal([1, 2, 3, 4, 5]);
    expect(await destinations({ priority: 7 })).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('checks rows if the request has properties that rows do not have', async () => {
    const rows = [5, 6].map((ifindex) => ({ ifindex, entry: [{ info: { vid: 1, flags: 0 } }] }));
    using client = rtVlan({ transport: kernelWith(rtVlanSchema, 'getvlan', rows) });
    const found = await lastValueFrom(client.list('getvlan', { ifindex: 6, flags: 2 }));
    expect(found.map(({ ifindex }) => ifindex)).to.deep.equal([6]);
  });

  it('checks rows also by properties that are not picked', async () => {
    using client = rtRoute({ transport: kernelWith(rtRouteSchema, 'getroute', routes) });
    expect(await lastValueFrom(client.list('getroute', { rtmTable: 255 }, { pick: ['dst'] }))).to.deep.equal([{ dst: '192.0.2.2' }]);
  });

  it('filters links by master and by kind, and ignores the data of the kind', async () => {
    const links = [
      { ifiIndex: 1, ifname: 'lo' },
      { ifiIndex: 2, ifname: 'v0', master: 4, linkinfo: { kind: 'veth' } },
      { ifiIndex: 3, ifname: 'v1', master: 5, linkinfo: { kind: 'veth' } },
      { ifiIndex: 4, ifname: 'b0', linkinfo: { kind: 'bridge' } },
    ];
    using client = rtLink({ transport: kernelWith(rtLinkSchema, 'getlink', links) });
    const names = async (request: RtLinkFamily['dump']['getlink']['request']): Promise<unknown> =>
      (await lastValueFrom(client.list('getlink', request))).map(({ ifname }) => ifname);
    expect(await names({ master: 4 })).to.deep.equal(['v0']);
    expect(await names({ linkinfo: { kind: 'veth' } })).to.deep.equal(['v0', 'v1']);
    expect(await names({ linkinfo: { kind: 'veth' }, master: 5 })).to.deep.equal(['v1']);
    expect(await names({ linkinfo: { kind: 'bridge', data: { ageingTime: 5 } } })).to.deep.equal(['b0']);
  });

  it('filters addresses and neighbours by interface', async () => {
    const addresses = [1, 2].map((ifaIndex) => ({ ifaFamily: 2, ifaIndex, ifaPrefixlen: 24, local: '192.0.2.1' }));
    using address = rtAddr({ transport: kernelWith(rtAddrSchema, 'getaddr', addresses) });
    expect((await lastValueFrom(address.list('getaddr', { ifaIndex: 2 }))).map(({ ifaIndex }) => ifaIndex)).to.deep.equal([2]);
    const neighbours = [1, 2].map((ndmIfindex) => ({ ndmFamily: 2, ndmIfindex, dst: '192.0.2.1' }));
    using neighbour = rtNeigh({ transport: kernelWith(rtNeighSchema, 'getneigh', neighbours) });
    expect((await lastValueFrom(neighbour.list('getneigh', { ifindex: 2 }))).map(({ ndmIfindex }) => ndmIfindex)).to.deep.equal([2]);
  });

  it('keeps all forwarding entries, because entries of ports do not name their bridge', async () => {
    const entries = [{ ndmFamily: 7, ndmIfindex: 2, lladdr: '02:00:00:00:00:01' }];
    using client = rtNeigh({ transport: kernelWith(rtNeighSchema, 'getneigh', entries) });
    expect((await lastValueFrom(client.list('getneigh', { ndmFamily: 7, master: 4 }))).length).to.equal(1);
  });
});

describe('suits', () => {
  it('compares deeply the properties of the first value with the second', () => {
    expect(suits(1, 1)).to.equal(true);
    expect(suits(1n, 1)).to.equal(false);
    expect(suits(undefined, 1)).to.equal(false);
    expect(suits({ kind: 'a' }, { kind: 'a', data: {} })).to.equal(true);
    expect(suits({ kind: 'a' }, { kind: 'b' })).to.equal(false);
    expect(suits({ kind: undefined }, { kind: 'b' })).to.equal(false);
    expect(suits(Uint8Array.of(1), Uint8Array.of(2))).to.equal(false);
  });
});
