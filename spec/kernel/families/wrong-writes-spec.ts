import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { rtAddr, type RtAddrFamily } from '../../../lib/families/rt-addr.js';
import { IfinfoFlags, rtLink, type RtLinkFamily } from '../../../lib/families/rt-link.js';
import { NtfFlags, NudState, rtNeigh, type RtNeighFamily } from '../../../lib/families/rt-neigh.js';
import { rtRoute, type RtRouteFamily } from '../../../lib/families/rt-route.js';
import { rtRule, type RtRuleFamily } from '../../../lib/families/rt-rule.js';
import { EncodeError, parseIp, type FamilyClient } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { json } from './names.js';

const INET = 2;
const INET6 = 10;
const BRIDGE = 7;
const CREATE = { create: true } as const;
/** RTPROT_STATIC and RT_TABLE_MAIN. */
const STATIC = { rtmType: 'unicast', rtmProtocol: 4, rtmTable: 254 } as const;

type Row = Record<string, unknown>;

describe('writes that the kernel would misinterpret', () => {
  const namespace = useNamespace();
  let address: FamilyClient<RtAddrFamily>;
  let link: FamilyClient<RtLinkFamily>;
  let neighbour: FamilyClient<RtNeighFamily>;
  let route: FamilyClient<RtRouteFamily>;
  let rule: FamilyClient<RtRuleFamily>;
  let d0: number;

  before(() => {
    namespace().batch([
      ...['link add d0 type veth peer p0', 'link set d0 up', 'link set p0 up'],
      ...['link add d1 type veth peer p1', 'link set p1 up'],
      'addr add 10.1.0.1/24 dev d0',
      'addr add fd01::1/64 dev d0 nodad',
    ]);
    const options = { netns: namespace().path };
    [address, link, neighbour, route, rule] = [rtAddr(options), rtLink(options), rtNeigh(options), rtRoute(options), rtRule(options)];
    d0 = json(namespace(), 'ip -j link show dev d0')[0]!['ifindex'] as number;
  });
  after(() => {
    for (const client of [address, link, neighbour, route, rule]) client.close();
  });

  const show = (line: string): Row[] => json(namespace(), line);
  const addresses = () =>
    show('ip -j addr show dev d0').flatMap(({ addr_info }) =>
      (addr_info as Row[]).map(
        ({ local, address: peer, prefixlen }) => `${String(local)}${peer === undefined ? '' : ` ${String(peer)}`}/${String(prefixlen)}`,
      ),
    );
  const routes = (option = '-4') => show(`ip ${option} -j route show proto static`).map(({ dst }) => dst);
  const rules = (option = '-4') =>
    show(`ip ${option} -j rule show`)
      .filter(({ table }) => table === '100')
      .map(({ src, srclen }) => `${String(src)}${srclen === undefined ? '' : `/${String(srclen)}`}`);
  const flags = () => show('ip -j link show dev d1')[0]!['flags'];

  /** Expects an error before a message is sent, and no change in the kernel. */
  async function expectError(write: () => Promise<unknown>, text: RegExp, state: () => unknown): Promise<void> {
    const before = state();
    const error = await write().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(state(), 'the kernel changed').to.deep.equal(before);
    expect(error).to.be.instanceOf(EncodeError).with.property('message').that.matches(text);
  }

  describe('addresses', () => {
    const make = (request: RtAddrFamily['do']['newaddr']['request']) =>
      lastValueFrom(address.do('newaddr', { ifaIndex: d0, ...request }, CREATE));

    it('rejects an IPv6 address with AF_INET', () =>
      expectError(
        () => make({ ifaFamily: INET, ifaPrefixlen: 24, local: '2001:db8::1' }),
        /newaddr: \.local: .*ifaFamily is 2 \(AF_INET\)/,
        addresses,
      ));

    it('rejects an IPv4 address with AF_INET6', () =>
      expectError(() => make({ ifaFamily: INET6, ifaPrefixlen: 24, local: '10.97.0.1' }), /IPv4 address but ifaFamily is 10/, addresses));

    it('rejects an address without a prefix length', () =>
      expectError(() => make({ ifaFamily: INET, local: '10.98.0.1' }), /\.local: .*ifaPrefixlen.*10\.98\.0\.1\/32/, addresses));

    it('rejects two different prefix lengths', () =>
      expectError(() => make({ local: '10.98.0.1/24', ifaPrefixlen: 16 }), /prefix length 24 but ifaPrefixlen is 16/, addresses));

    it('infers the family and the prefix length from the text', async () => {
      await make({ local: '10.98.0.1/24' });
      await make({ local: '2001:db8::1/64' });
      await make({ local: '10.98.1.1', address: '10.98.1.2/32' });
      expect(addresses()).to.include.members(['10.98.0.1/24', '2001:db8::1/64', '10.98.1.1 10.98.1.2/32']);
    });

    it('accepts an explicit prefix length of 0', async () => {
      await make({ local: '10.98.2.1/0' });
      await make({ local: '10.98.3.1', ifaPrefixlen: 0 });
      expect(addresses()).to.include.members(['10.98.2.1/0', '10.98.3.1/0']);
    });

    it('deletes an IPv4 address without a prefix length, but rejects an IPv6 address without one', async () => {
      await make({ local: '10.98.4.1/24' });
      await lastValueFrom(address.do('deladdr', { ifaIndex: d0, local: '10.98.4.1' }));
      expect(addresses()).not.to.include('10.98.4.1/24');
      await make({ local: 'fd04::1/64' });
      await expectError(() => lastValueFrom(address.do('deladdr', { ifaIndex: d0, local: 'fd04::1' })), /ifaPrefixlen/, addresses);
      await lastValueFrom(address.do('deladdr', { ifaIndex: d0, local: 'fd04::1/64' }));
      expect(addresses()).not.to.include('fd04::1/64');
    });
  });

  describe('neighbours', () => {
    const make = (request: RtNeighFamily['do']['newneigh']['request']) =>
      lastValueFrom(
        neighbour.do('newneigh', { ndmIfindex: d0, ndmState: NudState.Permanent, lladdr: '02:00:00:00:00:05', ...request }, CREATE),
      );
    const neighbours = () => show('ip -j neigh show dev d0 nud permanent').map(({ dst }) => dst);

    it('rejects an IPv6 destination with AF_INET', () =>
      expectError(() => make({ ndmFamily: INET, dst: '2001:db8::5' }), /newneigh: \.dst: .*ndmFamily is 2/, neighbours));

    // neigh_add compares the length with the device's 6 bytes and ignores the other 10 bytes.
    it('rejects an IPv6 address as link-layer address', () =>
      expectError(() => make({ dst: '10.1.0.6', lladdr: '2001:db8::5' }), /newneigh: \.lladdr: .*link-layer address/, neighbours));

    it('infers the family from the destination', async () => {
      await make({ dst: '10.1.0.5' });
      await make({ dst: 'fd01::5' });
      expect(neighbours()).to.have.members(['10.1.0.5', 'fd01::5']);
      expect(await lastValueFrom(neighbour.do('getneigh', { ndmIfindex: d0, dst: 'fd01::5' }))).to.include({ ndmFamily: INET6 });
    });

    it('writes forwarding entries with IPv4 and IPv6 peers, as bridge does', async () => {
      namespace().batch([
        'link add vx4 type vxlan id 4 dstport 4789 local 10.1.0.1',
        'link add vx6 type vxlan id 6 dstport 4790 local fd01::1',
      ]);
      for (const [name, dst] of [
        ['vx4', '192.0.2.9'],
        ['vx6', '2001:db8::9'],
      ] as const) {
        const ndmIfindex = show(`ip -j link show dev ${name}`)[0]!['ifindex'] as number;
        await make({ ndmFamily: BRIDGE, ndmFlags: NtfFlags.Self, ndmIfindex, dst });
        expect(show(`bridge -j fdb show dev ${name}`).map((entry) => entry['dst'])).to.include(dst);
      }
    });
  });

  describe('links', () => {
    const set = (request: RtLinkFamily['do']['newlink']['request']) => lastValueFrom(link.do('newlink', { ifname: 'd1', ...request }));

    it('rejects an IPv6 group in the attribute for IPv4', () =>
      expectError(
        () => lastValueFrom(link.do('newlink', { ifname: 'vx9', linkinfo: { kind: 'vxlan', data: { id: 9, group: 'ff02::1' } } }, CREATE)),
        /\.linkinfo\.data\.group: .*IPv6 address; expected an IPv4 address; 'group6'/,
        () => show('ip -j link').map(({ ifname }) => ifname),
      ));

    it('rejects an IPv6 address as the address of an Ethernet device', async () => {
      const mac = () => show('ip -j link show dev d1')[0]!['address'];
      await expectError(() => set({ address: '2001:db8::1' }), /newlink: \.address: .*link-layer address/, mac);
      await expectError(() => set({ address: '2001:db8::1', linkinfo: { kind: 'veth' } }), /newlink: \.address: /, mac);
    });

    it('changes only the flags that the request sets', async () => {
      namespace().ip('link set d1 down');
      expect(flags()).to.deep.equal(['BROADCAST', 'MULTICAST']);
      await set({ ifiFlags: IfinfoFlags.Up });
      expect(flags()).to.deep.equal(['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP']);
    });

    it('rejects flags of 0 without a mask for an existing link', async () => {
      namespace().ip('link set d1 up');
      await expectError(() => set({ ifiFlags: 0 }), /newlink: \.ifiFlags: 0 without ifiChange/, flags);
      await expectError(() => lastValueFrom(link.do('setlink', { ifname: 'd1', ifiFlags: 0 })), /setlink: \.ifiFlags/, flags);
      await set({ ifiFlags: 0, ifiChange: IfinfoFlags.Up });
      expect(flags()).not.to.include('UP');
    });

    it('creates a link and its peer with flags of 0', async () => {
      const peer = { ifname: 'e1', ifiFlags: IfinfoFlags.NoArp };
      await lastValueFrom(link.do('newlink', { ifname: 'e0', ifiFlags: 0, linkinfo: { kind: 'veth', data: { peer } } }, CREATE));
      expect(show('ip -j link show dev e1')[0]!['flags']).to.include.members(['NOARP', 'MULTICAST']);
      expect(show('ip -j link show dev e0')[0]!['flags']).not.to.include('UP');
    });

    it('rejects flags of 0 in a batch', async () => {
      const steps = [{ op: 'newlink', request: { ifname: 'd1', ifiFlags: 0 } }] as const;
      await expectError(() => lastValueFrom(link.batch(steps)), /newlink: \[0\]\.ifiFlags/, flags);
    });
  });

  describe('routes', () => {
    const make = (request: RtRouteFamily['do']['newroute']['request']) =>
      lastValueFrom(route.do('newroute', { ...STATIC, oif: d0, ...request }, CREATE));
    const both = () => [...routes(), ...routes('-6')];

    it('rejects an IPv6 destination with AF_INET', () =>
      expectError(() => make({ rtmFamily: INET, dst: 'fd00::', rtmDstLen: 24 }), /newroute: \.dst: .*rtmFamily is 2/, both));

    it('rejects an IPv6 gateway of an IPv4 route, and suggests via', async () => {
      await expectError(() => make({ rtmFamily: INET, dst: '10.61.0.0/16', gateway: 'fd01::2' }), /\.gateway: .*'via'/, both);
      await expectError(
        () => make({ dst: '10.61.0.0/16', gateway: 'fd01::2' }),
        /\.gateway: .*\.dst has set rtmFamily to 2 \(AF_INET\).*'via'/,
        both,
      );
    });

    it('rejects a gateway of the wrong family in one of several nexthops', () =>
      expectError(
        () =>
          make({
            dst: '10.62.0.0/16',
            multipath: [
              { rtnhIfindex: d0, gateway: '10.1.0.2' },
              { rtnhIfindex: d0, gateway: 'fd01::2' },
            ],
          }),
        /\.multipath\[1\]\.gateway/,
        both,
      ));

    it('rejects a destination without a prefix length', async () => {
      await expectError(() => make({ dst: '10.63.0.0' }), /\.dst: .*rtmDstLen.*10\.63\.0\.0\/32/, both);
      await expectError(() => lastValueFrom(route.do('delroute', { dst: '10.63.0.0' })), /\.dst: .*rtmDstLen/, both);
    });

    it('rejects the lookup of an IPv6 destination with AF_INET', () =>
      expectError(() => lastValueFrom(route.do('getroute', { rtmFamily: INET, dst: 'fd01::2' })), /getroute: \.dst/, both));

    it('infers the family and the prefix lengths from the text', async () => {
      await make({ dst: '10.60.0.0/16', gateway: '10.1.0.2' });
      await make({ dst: 'fd60::/48', gateway: 'fd01::2' });
      await make({ dst: '10.64.0.1/32' });
      await make({ dst: '0.0.0.0/0', gateway: '10.1.0.9' });
      const hops = { multipath: [{ rtnhIfindex: d0, gateway: 'fd01::3' }] };
      await lastValueFrom(route.do('newroute', { ...STATIC, ...hops, dst: 'fd65::/32' }, CREATE));
      expect(routes()).to.have.members(['default', '10.60.0.0/16', '10.64.0.1']);
      expect(routes('-6')).to.have.members(['fd60::/48', 'fd65::/32']);
      await lastValueFrom(route.do('delroute', { rtmTable: 254, dst: '10.64.0.1/32' }));
      expect(routes()).not.to.include('10.64.0.1');
    });

    it('infers the family of a default route from its gateways', async () => {
      await lastValueFrom(route.do('newroute', { ...STATIC, priority: 9, multipath: [{ rtnhIfindex: d0, gateway: 'fd01::9' }] }, CREATE));
      expect(show('ip -6 -j route show default proto static')[0]).to.include({ gateway: 'fd01::9', metric: 9 });
    });

    it('writes an IPv4 route over an IPv6 gateway with via', async () => {
      await make({ dst: '10.66.0.0/16', via: { rtviaAddr: 'fd01::2' } });
      expect(show('ip -j route show 10.66.0.0/16')[0]!['via']).to.deep.equal({ family: 'inet6', host: 'fd01::2' });
      await expectError(
        () => make({ dst: '10.67.0.0/16', via: { rtviaFamily: INET, rtviaAddr: 'fd01::2' } }),
        /\.via\.rtviaAddr: .*rtviaFamily is 2/,
        both,
      );
    });

    it('fills in the full prefix length for the lookup of an address', async () => {
      expect(await lastValueFrom(route.do('getroute', { dst: '10.60.0.7' }))).to.include({ dst: '10.60.0.7', gateway: '10.1.0.2' });
      expect(await lastValueFrom(route.do('getroute', { dst: 'fd60::7' }))).to.include({ dst: 'fd60::7', gateway: 'fd01::2' });
    });

    it('sets the family of a nexthop object from its gateway', async () => {
      await lastValueFrom(route.do('newnexthop', { id: 7, oif: d0, gateway: 'fd01::2' }, CREATE));
      expect(show('ip -j nexthop')).to.deep.include.members([{ id: 7, gateway: 'fd01::2', dev: 'd0', scope: 'link', flags: [] }]);
      await expectError(
        () => lastValueFrom(route.do('newnexthop', { id: 8, nhFamily: INET, oif: d0, gateway: 'fd01::2' }, CREATE)),
        /newnexthop: \.gateway: .*nhFamily is 2/,
        () => show('ip -j nexthop'),
      );
    });

    it('sends an address that is given as bytes unchanged', async () => {
      await make({ rtmFamily: INET, dst: parseIp('10.68.0.0'), rtmDstLen: 16 });
      expect(routes()).to.include('10.68.0.0/16');
    });
  });

  describe('rules', () => {
    const request = { family: INET, action: 1, table: 100 } as const;

    it('rejects a source without a prefix length, which would match all addresses', () =>
      expectError(
        () => lastValueFrom(rule.do('newrule', { ...request, src: '10.60.0.0' }, CREATE)),
        /newrule: \.src: "10\.60\.0\.0" .*srcLen.*"10\.60\.0\.0\/32"/,
        rules,
      ));

    it('rejects the deletion by a source without a prefix length, which would delete another rule', async () => {
      namespace().ip('rule add from 10.61.0.0/16 lookup 100');
      await expectError(() => lastValueFrom(rule.do('delrule', { ...request, src: '10.60.0.0' })), /delrule: \.src/, rules);
      expect(rules()).to.deep.equal(['10.61.0.0/16']);
    });

    it('infers the family and the prefix length from the text', async () => {
      await lastValueFrom(rule.do('newrule', { action: 1, table: 100, src: '10.60.0.0/16' }, CREATE));
      await lastValueFrom(rule.do('newrule', { action: 1, table: 100, src: 'fd60::1/128' }, CREATE));
      expect(rules()).to.have.members(['10.60.0.0/16', '10.61.0.0/16']);
      expect(rules('-6')).to.deep.equal(['fd60::1']);
      await lastValueFrom(rule.do('delrule', { action: 1, table: 100, src: '10.60.0.0/16' }));
      expect(rules()).to.deep.equal(['10.61.0.0/16']);
    });
  });
});
