import { expect } from 'chai';
import { omitUndefined } from '../../../../lib/check/index.js';

import { rtLink, type NewlinkRequest } from '../../../../lib/families/rt-link.js';
import { json, last, modules, run } from '../../support.js';

interface Shown {
  readonly ifname: string;
  readonly link?: string;
  readonly linkinfo: { readonly info_kind: string; readonly info_data: Readonly<Record<string, unknown>> };
}

const shown = (name: string): Shown => json<Shown[]>(`ip -j -d link show ${name}`)[0]!;
const DUMMY = 'vmdummy';

/** A kind of link: the request, and the expected output of `ip`. */
interface Case {
  readonly name: string;
  readonly linkinfo: NonNullable<NewlinkRequest['linkinfo']>;
  readonly over?: true;
  readonly shows: Readonly<Record<string, unknown>>;
}

const CASES: readonly Case[] = [
  {
    name: 'bond of 802.3ad',
    linkinfo: {
      kind: 'bond',
      data: { mode: '802.3ad', miimon: 120, updelay: 240, xmitHashPolicy: 'layer3+4', adLacpRate: 1, adActorSysPrio: 777 },
    },
    shows: { mode: '802.3ad', miimon: 120, updelay: 240, xmit_hash_policy: 'layer3+4', ad_lacp_rate: 'fast', ad_actor_sys_prio: 777 },
  },
  {
    name: 'bond with ARP targets',
    linkinfo: { kind: 'bond', data: { mode: 'active-backup', arpInterval: 200, arpIpTarget: ['10.9.0.1', '10.9.0.2'] } },
    shows: { mode: 'active-backup', arp_interval: 200, arp_ip_target: ['10.9.0.1', '10.9.0.2'] },
  },
  {
    name: 'VLAN of 802.1ad with priority maps',
    over: true,
    linkinfo: {
      kind: 'vlan',
      data: {
        id: 77,
        protocol: '8021ad',
        flags: { flags: 2, mask: 3 },
        egressQos: {
          mapping: [
            { from: 1, to: 2 },
            { from: 3, to: 4 },
          ],
        },
      },
    },
    shows: {
      protocol: '802.1ad',
      id: 77,
      flags: ['GVRP'],
      egress_qos: [
        { from: 1, to: 2 },
        { from: 3, to: 4 },
      ],
    },
  },
  { name: 'VRF', linkinfo: { kind: 'vrf', data: { table: 1234 } }, shows: { table: 1234 } },
  {
    name: 'MACsec',
    over: true,
    linkinfo: {
      kind: 'macsec',
      data: { port: 5, encrypt: 1, window: 64, replayProtect: 1, cipherSuite: 0x0080c20001000002n, icvLen: 16, validation: 'check' },
    },
    shows: { cipher_suite: 'GCM-AES-256', encrypt: true, replay_protect: true, window: 64, validation: 'check', icv_len: 16 },
  },
  {
    name: 'GENEVE over IPv4',
    linkinfo: { kind: 'geneve', data: { id: 99, remote: '10.1.2.3', ttl: 33, tos: 0x16, port: 6090, udpCsum: 1 } },
    shows: { id: 99, remote: '10.1.2.3', ttl: 33, tos: '0x16', port: 6090, udp_csum: true },
  },
  {
    name: 'GENEVE over IPv6',
    linkinfo: { kind: 'geneve', data: { id: 7, remote6: '2001:db8::5', port: 6081 } },
    shows: { id: 7, remote6: '2001:db8::5', port: 6081 },
  },
  {
    name: 'VXLAN',
    linkinfo: { kind: 'vxlan', data: { id: 4242, group: '10.5.5.5', ttl: 9, port: 4790, learning: 0, ageing: 200 } },
    shows: { id: 4242, remote: '10.5.5.5', ttl: 9, port: 4790, learning: false, ageing: 200 },
  },
  {
    name: 'bridge that knows VLANs',
    linkinfo: {
      kind: 'bridge',
      data: { vlanFiltering: 1, vlanDefaultPvid: 7, forwardDelay: 400, stpState: 1, priority: 4096, vlanProtocol: '8021ad' },
    },
    shows: { vlan_filtering: 1, vlan_default_pvid: 7, forward_delay: 400, stp_state: 1, priority: 4096, vlan_protocol: '802.1ad' },
  },
  { name: 'MACVLAN', over: true, linkinfo: { kind: 'macvlan', data: { mode: 'bridge' } }, shows: { mode: 'bridge' } },
  { name: 'IPVLAN', over: true, linkinfo: { kind: 'ipvlan', data: { mode: 'l3' } }, shows: { mode: 'l3' } },
];

describe('link kinds of the wide kernel', () => {
  before(() => {
    modules('dummy', 'bonding', 'team', 'vrf', 'macsec', 'geneve', '8021q', 'vxlan', 'macvlan', 'ipvlan', 'bridge');
    run(`ip link add ${DUMMY} type dummy`);
  });
  after(() => run(`ip link del ${DUMMY}`));
  afterEach(() => {
    if (run('ip -o link').includes(' vmlink')) run('ip link del vmlink');
  });

  for (const { name, linkinfo, over, shows } of CASES) {
    it(`creates a ${name} as ip shows it, and reads the written attributes`, async () => {
      using link = rtLink();
      const lower = over === true ? (await last(link.do('getlink', { ifname: DUMMY }))).ifiIndex : undefined;
      await last(link.do('newlink', { ifname: 'vmlink', linkinfo, ...omitUndefined({ link: lower }) }, { create: true, exclusive: true }));
      const { linkinfo: seen } = shown('vmlink');
      expect(seen.info_kind).to.equal(linkinfo.kind);
      expect(seen.info_data).to.deep.include(shows);

      const reply = await last(link.do('getlink', { ifname: 'vmlink' }));
      expect(reply.linkinfo!.kind).to.equal(linkinfo.kind);
      const { flags: _flags, port: _port, ...written } = linkinfo.data as Record<string, unknown>;
      expect(reply.linkinfo!.data).to.deep.include(written);
    });
  }

  it('reads the port of a team with its master', async () => {
    run('ip link add vmlink type team');
    run(`ip link set ${DUMMY} down`);
    run(`ip link set ${DUMMY} master vmlink`);
    using link = rtLink();
    const links = await last(link.list('getlink'));
    const master = links.find(({ ifname }) => ifname === 'vmlink')!;
    const port = links.find(({ ifname }) => ifname === DUMMY)!;
    expect(master.linkinfo!.kind).to.equal('team');
    expect(port.master).to.equal(master.ifiIndex);
    expect(port.linkinfo!.slaveKind).to.equal('team');
    run(`ip link set ${DUMMY} nomaster`);
  });
});
