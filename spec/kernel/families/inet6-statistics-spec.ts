import { release } from 'node:os';
import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { IflaInet6Stats, IflaInet6Stats612, rtLink } from '../../../lib/families/rt-link.js';
import { useNamespace } from '../../support/namespace.js';

/** The labels of the file that are not the name of the counter in linux/snmp.h. */
const LABELS: Readonly<Record<string, string>> = {
  inpkts: 'inreceives',
  outpkts: 'outtransmits',
  noectpkts: 'innoectpkts',
  ect1pkts: 'inect1pkts',
  ect0pkts: 'inect0pkts',
  cepkts: 'incepkts',
};

describe('counters of IPv6 of a link', () => {
  const namespace = useNamespace();

  it('have the positions of IflaInet6Stats, as /proc shows them', async () => {
    const inside = namespace();
    inside.batch(['link set lo up', 'link add st0 type veth peer name st1', 'link set st0 up', 'link set st1 up']);
    // Datagrams without a receiver, and ICMP messages that answer them.
    for (const size of [10, 200, 3000]) inside.run('bash', '-c', `head -c ${size} /dev/zero > /dev/udp/::1/9 || true`);
    using client = rtLink({ netns: inside.path });
    const { afSpec } = await lastValueFrom(client.do('getlink', { ifname: 'lo' }));
    const lines = inside.run('cat', '/proc/net/dev_snmp6/lo').trim().split('\n');
    const shown = new Map(lines.map((line) => line.toLowerCase().split(/\s+/) as [string, string]));
    const [major, minor] = release().split('.').map(Number) as [number, number];
    const positions = major > 6 || (major === 6 && minor >= 18) ? IflaInet6Stats : IflaInet6Stats612;
    const counters = Object.entries(positions).flatMap(([name, index]) => {
      const lower = name.toLowerCase();
      const value = shown.get(`ip6${LABELS[lower] ?? lower}`);
      return value === undefined ? [] : [{ name, read: String(afSpec!.inet6!.stats![index]), shown: value }];
    });
    expect(counters.filter(({ read, shown: expected }) => read !== expected)).to.deep.equal([]);
    // Older kernels count fewer things.
    expect(counters.length).to.equal([...shown.keys()].filter((name) => name.startsWith('ip6')).length);
    expect(counters.length).to.be.at.least(32);
    expect(new Set(counters.map(({ shown: value }) => value)).size, 'different values').to.be.at.least(3);
  });
});
