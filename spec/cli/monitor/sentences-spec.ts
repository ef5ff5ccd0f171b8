import { expect } from 'chai';
import { Describer } from '../../../lib/cli/monitor/describer.js';
import type { Change } from '../../../lib/cli/monitor/event.js';

function change(topic: string, operation: string, value: object, flags: Partial<Change> = {}): Change {
  return { type: 'change', time: 0, topic, operation, value: value as Change['value'], ...flags };
}

/** A message about a link; the names of its properties are those of rt-link.yaml. */
const link = (properties: object) => ({
  ifiIndex: 3,
  ifiFamily: 0,
  ifiFlags: 0,
  ifname: 'v0',
  operstate: 'down',
  mtu: 1500,
  ...properties,
});

describe('sentences of rxnetlink monitor', () => {
  let describer: Describer;

  beforeEach(() => {
    describer = new Describer();
  });

  const sentence = (...parts: Parameters<typeof change>) => describer.describe(change(...parts));

  it('describe a new link, and the differences of one that is known', () => {
    expect(sentence('links', 'newlink', link({ linkinfo: { kind: 'veth' }, address: '02:00:00:00:00:01' }))).to.equal(
      'link v0 (veth) added (down, mtu 1500, 02:00:00:00:00:01)',
    );
    expect(
      sentence('links', 'newlink', link({ linkinfo: { kind: 'veth' }, address: '02:00:00:00:00:01', mtu: 1400, ifiFlags: 1 })),
    ).to.equal('link v0 (veth) changed: up, mtu 1500 to 1400');
    expect(sentence('links', 'newlink', link({ ifname: 'lan', address: '02:00:00:00:00:01', mtu: 1400, ifiFlags: 1 }))).to.equal(
      'link lan changed: it was called v0',
    );
    expect(sentence('links', 'dellink', link({ ifname: 'lan' }))).to.equal('link lan removed');
  });

  it('name the state of a link as the list of links does', () => {
    sentence('links', 'newlink', link({}));
    expect(sentence('links', 'newlink', link({ operstate: 'lowerlayerdown' }))).to.equal('link v0 changed: state down to lower-layer-down');
    expect(sentence('links', 'newlink', link({ operstate: 'up' }))).to.equal('link v0 changed: state lower-layer-down to up');
  });

  it('name a link after its end', () => {
    sentence('links', 'newlink', link({}));
    sentence('links', 'dellink', link({}));
    expect(sentence('netconf', 'delnetconf', { ncmFamily: 2, ifindex: 3 })).to.equal('IPv4 netconf of v0 removed');
    expect(sentence('netconf', 'delnetconf', { ncmFamily: 10, ifindex: 4 })).to.equal('IPv6 netconf of link 4 removed');
  });

  it('do not take the view that a bridge has of a port for the link', () => {
    sentence('links', 'newlink', link({}));
    expect(sentence('links', 'dellink', link({ ifiFamily: 7 }))).to.equal('port v0 left its bridge');
    expect(sentence('links', 'newlink', link({ mtu: 9000 }))).to.equal('link v0 changed: mtu 1500 to 9000');
  });

  const onLink3 = (...parts: Parameters<typeof change>) => {
    sentence('links', 'newlink', link({}));
    return sentence(...parts);
  };

  it('describe addresses', () => {
    const address = { ifaPrefixlen: 24, ifaIndex: 3, ifaFlags: 0x80, address: '10.0.0.1', local: '10.0.0.1' };
    expect(onLink3('addresses', 'newaddr', address)).to.equal('address 10.0.0.1/24 set on v0');
    expect(onLink3('addresses', 'newaddr', { ...address, flags: 0xc0, address: '10.0.0.2' })).to.equal(
      'address 10.0.0.1/24 with peer 10.0.0.2 set on v0 (tentative)',
    );
    expect(onLink3('addresses', 'deladdr', address)).to.equal('address 10.0.0.1/24 removed from v0');
  });

  it('describe routes with one way, several ways and none', () => {
    const route = { rtmFamily: 2, rtmDstLen: 8, rtmTable: 254, rtmType: 'unicast', rtmFlags: 0, dst: '10.0.0.0' };
    expect(onLink3('routes', 'newroute', { ...route, gateway: '10.0.0.2', oif: 3, priority: 5 })).to.equal(
      'route 10.0.0.0/8 via 10.0.0.2 on v0 metric 5 added',
    );
    expect(onLink3('routes', 'newroute', { ...route, oif: 3 }, { replaced: true })).to.equal('route 10.0.0.0/8 on v0 replaced');
    const hops = [
      { rtnhIfindex: 3, gateway: '10.0.0.3' },
      { rtnhIfindex: 9, via: { rtviaAddr: 'fe80::1' } },
    ];
    expect(onLink3('routes', 'delroute', { ...route, dst: undefined, rtmDstLen: 0, table: 77, multipath: hops })).to.equal(
      'route default via 10.0.0.3 on v0 and via fe80::1 on link 9 in table 77 removed',
    );
    expect(onLink3('routes', 'newroute', { ...route, rtmType: 'blackhole' })).to.equal('route blackhole 10.0.0.0/8 added');
  });

  it('describe rules, neighbours and nexthops', () => {
    const rule = { family: 10, srcLen: 64, dstLen: 0, src: 'fd00::', table: 77, action: 'to-tbl', priority: 100 };
    expect(sentence('rules', 'newrule', rule)).to.equal('IPv6 rule 100 from fd00::/64 uses table 77 added');
    const neighbour = { ndmFamily: 2, ndmIfindex: 3, ndmState: 2, ndmFlags: 0, dst: '10.0.0.9', lladdr: '02:00:00:00:00:09' };
    expect(onLink3('neighbours', 'newneigh', neighbour)).to.equal('neighbour 10.0.0.9 on v0 is 02:00:00:00:00:09 (reachable)');
    expect(onLink3('neighbours', 'delneigh', neighbour)).to.equal('neighbour 10.0.0.9 on v0 removed');
    const group = [
      { id: 1, weight: 0 },
      { id: 2, weight: 2 },
    ];
    expect(sentence('nexthops', 'newnexthop', { id: 7, group })).to.equal('nexthop 7 of group 1 x 1, 2 x 3 added');
  });

  it('describe qdiscs, classes and filters with the handles of tc', () => {
    expect(onLink3('qdiscs', 'newqdisc', { kind: 'htb', handle: 0x10000, parent: 0xffff_ffff, ifindex: 3 })).to.equal(
      'qdisc htb 1: root on v0 added',
    );
    expect(onLink3('classes', 'deltclass', { kind: 'htb', handle: 0x1_0010, parent: 0x1_0000, ifindex: 3 })).to.equal(
      'class htb 1:10 of 1: on v0 removed',
    );
    const filter = { kind: 'u32', handle: 0x8000_0800, parent: 0x1_0000, ifindex: 3, info: 0x0005_0008 };
    expect(onLink3('filters', 'newtfilter', filter)).to.equal('filter u32 priority 5 handle 0x80000800 of 1: on v0 added');
  });

  it('describe objects of nftables', () => {
    const inet = { nfgenFamily: 1, table: 't' };
    expect(sentence('firewall', 'newtable', { nfgenFamily: 1, name: 't' })).to.equal('table inet t added');
    expect(sentence('firewall', 'newrule', { ...inet, chain: 'c', handle: 4n }, { appended: true })).to.equal(
      'rule 4 in chain inet t c appended',
    );
    const elem = [{ key: { value: Uint8Array.of(10, 0, 0, 1) } }, { key: { value: Uint8Array.of(10, 0, 0, 2) }, flags: 1 }];
    expect(sentence('firewall', 'delsetelem', { ...inet, set: 's', elements: { elem } })).to.equal(
      '2 elements 0x0a000001, before 0x0a000002 removed from set inet t s',
    );
    // The data type 7 of nft is ipv4_addr; 13 is inet_service. The flag 4 is NFT_SET_INTERVAL.
    sentence('firewall', 'newset', { ...inet, name: 's', flags: 4, keyType: 7, keyLen: 4 });
    expect(sentence('firewall', 'newsetelem', { ...inet, set: 's', elements: { elem } })).to.equal(
      '2 elements from 10.0.0.1, before 10.0.0.2 added to set inet t s',
    );
    sentence('firewall', 'newset', { ...inet, name: 'k', flags: 8, keyType: (7 << 6) | 13, keyLen: 8, dataType: 0xffff_ff00 });
    const pair = { key: { value: Uint8Array.of(10, 0, 0, 1, 0, 80, 0, 0) }, data: { verdict: { code: 'jump', chain: 'c' } } };
    expect(sentence('firewall', 'newsetelem', { ...inet, set: 'k', elements: { elem: [pair] } })).to.equal(
      'element 10.0.0.1 . 80 : jump c added to set inet t k',
    );
    expect(sentence('firewall', 'newgen', { nfgenFamily: 0, id: 8 })).to.equal('firewall generation 8');
  });

  it('describe connections', () => {
    const tupleOrig = {
      tupleIp: { ipV4Src: '10.0.0.1', ipV4Dst: '10.0.0.2' },
      tupleProto: { protoNum: 6, protoSrcPort: 1, protoDstPort: 80 },
    };
    expect(sentence('connections', 'new', { tupleOrig, status: 4, protoinfo: { protoinfoTcp: { tcpState: 'established' } } })).to.equal(
      'connection tcp 10.0.0.1:1 to 10.0.0.2:80 changed (established, assured)',
    );
    expect(sentence('connections', 'new', { tupleOrig }, { created: true })).to.equal('connection tcp 10.0.0.1:1 to 10.0.0.2:80 started');
    expect(sentence('connections', 'delete', { tupleOrig })).to.equal('connection tcp 10.0.0.1:1 to 10.0.0.2:80 ended');
  });

  it('list the properties of messages without a sentence of their own, and cut long ones', () => {
    expect(sentence('ethtool', 'rings', { header: { devName: 'v0' }, rx: 256, key: Uint8Array.of(1, 171) })).to.equal(
      'ethtool rings header.devName=v0 rx=256 key=0x01ab',
    );
    expect(sentence('links', 'newlink', { error: 'expected 4 bytes', bytes: Uint8Array.of(1) })).to.equal(
      'links newlink error=expected 4 bytes bytes=0x01',
    );
    expect(sentence('ethtool', 'rings', { bytes: new Uint8Array(500) }))
      .to.have.length(203)
      .that.satisfies((text: string) => text.endsWith('...'));
  });

  it('report losses', () => {
    expect(describer.describe({ type: 'lost', time: 0, protocol: 'rtnetlink', datagrams: 3 })).to.match(/^lost 3 datagrams of rtnetlink/);
    expect(describer.describe({ type: 'lost', time: 0, protocol: 'rtnetlink', datagrams: 0 })).to.match(/^lost some datagrams/);
  });
});
