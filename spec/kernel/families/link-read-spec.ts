import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { Unknown } from '../../../lib/index.js';
import { rtLink } from '../../../lib/families/rt-link.js';
import { useNamespace } from '../../support/namespace.js';
import { compareFields, type Shown } from '../../families/compare/fields.js';
import { linkFields, linkInfoOf, type LinkRow } from '../../families/compare/link-fields.js';
import { LinkNames } from '../../families/compare/link-names.js';

interface ShownLink extends Shown {
  readonly ifname: string;
  readonly linkinfo?: { readonly info_kind: string; readonly info_data?: Shown };
}

describe('rtLink reads links as ip -d shows them', () => {
  const namespace = useNamespace();
  let links: LinkRow[];
  let shown: ShownLink[];

  before(async () => {
    namespace().batch([
      'link add v0 numrxqueues 3 numtxqueues 2 address 02:00:00:00:00:01 mtu 1400 type veth peer name v1 numrxqueues 4',
      'link set v0 alias porch',
      'link property add dev v0 altname a-name-longer-than-fifteen altname another-name',
      'link add br0 type bridge forward_delay 400 hello_time 300 max_age 1000 ageing_time 1234 stp_state 1 priority 4096',
      'link set br0 type bridge group_fwd_mask 8 mcast_snooping 0 no_linklocal_learn 1 fdb_max_learned 99',
      'link set v1 master br0',
      'link add vx4 type vxlan id 77 dstport 4789 local 192.0.2.1 remote 192.0.2.2 dev v0 ttl 5 tos 4 ageing 99 port 1000 2000 nolearning',
      'link add vx6 type vxlan id 16777215 dstport 8472 local 2001:db8::1 group ff05::100 dev v0 l2miss l3miss proxy udp6zerocsumtx maxaddress 10',
      'link add vxe type vxlan external dstport 4790',
      'link add mv0 link v0 type macvlan mode bridge',
      'link add mv1 link v0 type macvlan mode source macaddr add 02:00:00:00:00:0a',
      'link set mv1 type macvlan macaddr add 02:00:00:00:00:0b',
      'link add mt0 link v0 type macvtap mode private',
      'link add ifb7 type ifb',
      'link set v0 up',
      'link set v1 up',
    ]);
    shown = JSON.parse(namespace().run('ip', '-j', '-d', 'link')) as ShownLink[];
    using client = rtLink({ netns: namespace().path });
    links = await lastValueFrom(client.list('getlink'));
  });

  for (const name of ['lo', 'v0', 'v1', 'br0', 'vx4', 'vx6', 'vxe', 'mv0', 'mv1', 'mt0', 'ifb7']) {
    it(`decodes every property of ${name}`, () => {
      const link = links.find(({ ifname }) => ifname === name)!;
      const { linkinfo, ...plain } = shown.find(({ ifname }) => ifname === name)!;
      const names = new LinkNames(links);
      compareFields(name, plain, link, linkFields(names));
      expect(link.linkinfo?.kind, 'kind').to.equal(linkinfo?.info_kind);
      const info = linkInfoOf(link, names);
      expect(info === undefined, 'data').to.equal(linkinfo?.info_data === undefined);
      if (info !== undefined) compareFields(`${name}.info_data`, linkinfo!.info_data!, info.value, info.fields);
    });
  }

  it('lists the links that ip lists, and no others', () => {
    expect(links.map(({ ifname }) => ifname)).to.have.members(shown.map(({ ifname }) => ifname));
  });

  it('reads and writes the token of IPv6 addresses as text', async () => {
    using client = rtLink({ netns: namespace().path });
    const tokenOf = async (ifname: string) => (await lastValueFrom(client.do('getlink', { ifname }))).afSpec?.inet6?.token;
    const shownBy = () => (JSON.parse(namespace().run('ip', '-j', 'token', 'get', 'dev', 'v0')) as { token: string }[])[0]?.token;
    namespace().run('ip', 'token', 'set', '::1:2:3:4', 'dev', 'v0');
    expect(await tokenOf('v0'))
      .to.equal('::1:2:3:4')
      .and.to.equal(shownBy());
    await lastValueFrom(client.do('newlink', { ifname: 'v0', afSpec: { inet6: { token: '::7' } } }));
    expect(shownBy()).to.equal('::7');
    expect(await tokenOf('v1')).to.equal('::');
  });

  it('leaves no attribute of the link kinds undecoded', () => {
    for (const { ifname, linkinfo } of links) {
      expect(linkinfo?.[Unknown], ifname).to.equal(undefined);
      expect((linkinfo?.data as { [Unknown]?: unknown } | undefined)?.[Unknown], ifname).to.equal(undefined);
    }
  });
});
