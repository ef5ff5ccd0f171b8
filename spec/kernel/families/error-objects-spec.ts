import { expect } from 'chai';
import { type Observable, lastValueFrom } from 'rxjs';
import { NetlinkError, netlink } from '../../../lib/index.js';
import { nftables } from '../../../lib/families/nftables.js';
import { rtAddr } from '../../../lib/families/rt-addr.js';
import { rtLink } from '../../../lib/families/rt-link.js';
import { rtNeigh } from '../../../lib/families/rt-neigh.js';
import { rtRoute } from '../../../lib/families/rt-route.js';
import { rtRule } from '../../../lib/families/rt-rule.js';
import { tc } from '../../../lib/families/tc.js';
import { needsRequest } from '../../support/features.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';

/** `AF_INET`, and a number that is not an address family. */
const INET = 2;
const NO_FAMILY = 44;
/** `TC_H_ROOT`. */
const ROOT = 0xffff_ffff;
/** `NFT_TABLE_F_OWNER`. */
const OWNER = 2;

describe('messages of kernel errors', () => {
  const namespace = useNamespace();
  const texts = async (observable: Observable<unknown>): Promise<{ message: string; object: string | undefined }> => {
    try {
      await lastValueFrom(observable, { defaultValue: undefined });
      return { message: 'accepted', object: undefined };
    } catch (error) {
      const { message, object } = error as { message: string; object: string | undefined };
      return { message, object };
    }
  };
  const messageOf = async (observable: Observable<unknown>): Promise<string> => (await texts(observable)).message;

  it('name the interface as the request names it: by its name or index', async () => {
    using link = rtLink({ netns: namespace().path });
    expect(await texts(link.do('dellink', { ifname: 'eth9' }))).to.deep.equal({
      message: "ENODEV dellink: interface 'eth9'",
      object: "interface 'eth9'",
    });
    expect(await messageOf(link.do('getlink', { ifiIndex: 9999 }))).to.equal('ENODEV getlink: interface 9999');
    const results: string[] = [];
    await link
      .batch([
        { op: 'dellink', request: { ifname: 'a' } },
        { op: 'dellink', request: { ifname: 'b' } },
      ])
      .forEach((result) => {
        results.push('error' in result ? result.error.message : 'accepted');
      });
    expect(results).to.deep.equal(["ENODEV dellink: interface 'a'", "ENODEV dellink: interface 'b'"]);
  });

  it('name the kind of link and the module to load', async () => {
    using link = rtLink({ netns: namespace().path });
    const nonsense = link.do('newlink', { ifname: 'x0', linkinfo: { kind: 'nonsense' as never } }, { create: true, exclusive: true });
    expect(await messageOf(nonsense)).to.equal(
      "EOPNOTSUPP newlink: interface 'x0', kind 'nonsense': Unknown device type " +
        "(this kernel may lack link kind 'nonsense': try `modprobe rtnl-link-nonsense`)",
    );
  });

  it('name addresses, routes, rules and neighbours', async () => {
    const netns = namespace().path;
    using address = rtAddr({ netns });
    using route = rtRoute({ netns });
    using rule = rtRule({ netns });
    using neigh = rtNeigh({ netns });
    expect(
      await messageOf(address.do('newaddr', { ifaFamily: INET, ifaIndex: 9999, ifaPrefixlen: 24, local: '10.0.0.1' }, { create: true })),
    ).to.match(/^ENODEV newaddr: address 10\.0\.0\.1\/24 on interface 9999(?:: ipv4: Device not found)?$/);
    expect(await messageOf(route.do('delroute', { rtmFamily: INET, rtmDstLen: 16, dst: '10.9.0.0', table: 77 }))).to.equal(
      'ESRCH delroute: route to 10.9.0.0/16 in table 77: FIB table does not exist',
    );
    expect(await messageOf(rule.do('delrule', { family: INET, srcLen: 8, src: '10.0.0.0', priority: 55, table: 77 }))).to.equal(
      'ENOENT delrule: rule with priority 55 from 10.0.0.0/8 for table 77',
    );
    expect(await messageOf(neigh.do('delneigh', { ndmFamily: INET, ndmIfindex: 1, dst: '10.0.0.7' }))).to.match(
      /^ENOENT delneigh: neighbour 10\.0\.0\.7 on interface 1/,
    );
  });

  it('name an address family that is not available', async () => {
    using route = rtRoute({ netns: namespace().path });
    expect(await messageOf(route.do('getroute', { rtmFamily: NO_FAMILY }))).to.equal(
      `EOPNOTSUPP getroute: route (address family ${NO_FAMILY} is not available in this kernel or network namespace)`,
    );
    using nft = nftables({ netns: namespace().path });
    expect(await messageOf(nft.do('newtable', { nfgenFamily: NO_FAMILY, name: 't' }, { create: true }))).to.equal(
      `EOPNOTSUPP newtable: table 't' (address family ${NO_FAMILY} is not available in this kernel or network namespace)`,
    );
  });

  it('name a protocol that is not available', () => {
    for (const protocol of [5, 30]) {
      const socket = netlink({ protocol, netns: namespace().path });
      expect(() => socket.connect()).to.throw(
        NetlinkError,
        `EPROTONOSUPPORT open: netlink protocol ${protocol} is not available in this kernel or network namespace`,
      );
    }
  });

  it('name the qdisc and its kind', async () => {
    using qdisc = tc({ netns: namespace().path });
    const request = { ifindex: 1, parent: ROOT, handle: 0x10000, kind: 'nonsense' } as never;
    expect(await messageOf(qdisc.do('newqdisc', request, { create: true }))).to.equal(
      "ENOENT newqdisc: qdisc 'nonsense' 0x10000 at parent 0xffffffff on interface 1: Specified qdisc kind is unknown " +
        "(this kernel may lack qdisc 'nonsense': try `modprobe net-sch-nonsense`)",
    );
    expect(await messageOf(qdisc.do('delqdisc', { ifindex: 9999, parent: ROOT } as never))).to.equal(
      'ENODEV delqdisc: qdisc at parent 0xffffffff on interface 9999',
    );
  });

  it('name an unknown nftables expression or chain type, but not an expression with an unknown reference', async function () {
    using nft = nftables({ netns: namespace().path });
    const family = { nfgenFamily: INET };
    await lastValueFrom(nft.do('newtable', { ...family, name: 't' }, { create: true }), { defaultValue: undefined });
    await lastValueFrom(nft.do('newchain', { ...family, table: 't', name: 'c' }, { create: true }), { defaultValue: undefined });
    const rule = (...elem: object[]): Observable<unknown> =>
      nft.do('newrule', { ...family, table: 't', chain: 'c', expressions: { elem } }, { create: true });
    const of = "ENOENT newrule: rule of chain 'c' of table 't': .expressions.elem";
    expect(await messageOf(rule({ name: 'counter', data: {} }, { name: 'nonsense' }))).to.equal(
      `${of} (this kernel may lack expression 'nonsense': try \`modprobe nft-expr-nonsense\`)`,
    );
    expect(await messageOf(rule({ name: 'lookup', data: { set: 'none', sreg: 1 } }))).to.equal(of);
    const chain = nft.do(
      'newchain',
      { ...family, table: 't', name: 'd', type: 'nonsense', hook: { num: 1, priority: 0 } },
      { create: true },
    );
    const message = await messageOf(chain);
    const object = "ENOENT newchain: chain 'd' of table 't'";
    if (message === object) skipBecause(this, 'nf_tables of this kernel does not name the attribute of an unknown chain type');
    expect(message).to.equal(`${object}: .type (this kernel may lack chain type 'nonsense': try \`modprobe nft-chain-2-nonsense\`)`);
  });

  it('name a set that does not exist', async () => {
    using nft = nftables({ netns: namespace().path });
    const family = { nfgenFamily: INET };
    await lastValueFrom(nft.do('newtable', { ...family, name: 't' }, { create: true }), { defaultValue: undefined });
    expect(await messageOf(nft.do('delset', { ...family, table: 't', name: 'gone' }))).to.match(/^ENOENT delset: set 'gone' of table 't'/);
  });

  it('state that another socket owns the table, instead of a missing capability', async function () {
    using owner = nftables({ netns: namespace().path });
    using _lease = owner.socket.connect();
    using other = nftables({ netns: namespace().path });
    const family = { nfgenFamily: INET };
    const made = lastValueFrom(owner.do('newtable', { ...family, name: 'mine', flags: OWNER }, { create: true }), {
      defaultValue: undefined,
    });
    await needsRequest(this, 'NFT_TABLE_F_OWNER', 'EINVAL', made);
    const owned = '(another socket owns the table; only that one can change it)';
    const refused = async (observable: Observable<unknown>): Promise<string> => (await messageOf(observable)).replace(/ \.\w+ /, ' ');
    const newchain = other.do('newchain', { ...family, table: 'mine', name: 'c' }, { create: true });
    expect(await refused(newchain)).to.equal(`EPERM newchain: chain 'c' of table 'mine': ${owned}`);
    expect(await refused(other.do('deltable', { ...family, name: 'mine' }))).to.equal(`EPERM deltable: table 'mine': ${owned}`);
    expect(await refused(other.do('newtable', { ...family, name: 'mine' }, { create: true }))).to.equal(
      `EPERM newtable: table 'mine' ${owned}`,
    );
    const two = other.transaction([
      { op: 'newtable', request: { ...family, name: 'more' } },
      { op: 'deltable', request: { ...family, name: 'mine' } },
    ]);
    expect(await refused(two)).to.equal(`EPERM deltable: table 'mine': ${owned}`);
  });

  it('name the owner of a table that is destroyed', async function () {
    using owner = nftables({ netns: namespace().path });
    using _lease = owner.socket.connect();
    using other = nftables({ netns: namespace().path });
    const family = { nfgenFamily: INET };
    const absent = lastValueFrom(other.do('destroytable', { ...family, name: 'absent' }), { defaultValue: undefined });
    await needsRequest(this, 'NFT_MSG_DESTROYTABLE', 'EINVAL', absent);
    await lastValueFrom(owner.do('newtable', { ...family, name: 'mine', flags: OWNER }, { create: true }), { defaultValue: undefined });
    expect((await messageOf(other.do('destroytable', { ...family, name: 'mine' }))).replace(/ \.\w+ /, ' ')).to.equal(
      "EPERM destroytable: table 'mine': (another socket owns the table; only that one can change it)",
    );
  });
});
