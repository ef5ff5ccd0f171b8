import { expect } from 'chai';
import { VRF, type Checks } from '../check.js';

const UPLINKS = `ip link add up0 type veth peer name isp0; ip link add up1 type veth peer name isp1
for name in up0 isp0 up1 isp1; do ip link set $name up; done
ip addr add 192.0.2.2/24 dev up0; ip addr add 198.51.100.2/24 dev up1`;

const by = (key: string) => (row: Readonly<Record<string, unknown>>) => row[key];

export const routing: Checks = {
  'A way out for each source': {
    before: UPLINKS,
    async check(scene, program) {
      await program.end();
      for (const [source, gateway, link] of [
        ['192.0.2.2', '192.0.2.1', 'up0'],
        ['198.51.100.2', '198.51.100.1', 'up1'],
      ] as const) {
        expect(scene.json(`ip -j route get 203.0.113.9 from ${source}`)[0]).to.deep.include({ gateway, dev: link });
        expect(program.output).to.include(`${source} leaves by ${link} ${gateway}\n`);
      }
      expect(scene.json('ip -j rule').map(by('priority'))).to.include.members([1001, 1002]);
    },
  },
  'Two customers with the same addresses': {
    needs: [VRF],
    before:
      'ip link add red0 type veth peer name red1; ip link add blue0 type veth peer name blue1; ip link set red1 up; ip link set blue1 up',
    async check(scene, program) {
      await program.end();
      for (const name of ['red', 'blue']) {
        expect(scene.json(`ip -j link show master ${name}`).map(by('ifname'))).to.deep.equal([`${name}0`]);
        expect(scene.json(`ip -j route show vrf ${name} 10.9.0.0/16`)[0]).to.deep.include({ gateway: '10.1.0.9', dev: `${name}0` });
        expect(scene.json(`ip -j route show vrf ${name} default`)[0]).to.deep.include({ type: 'unreachable' });
        expect(program.output).to.match(new RegExp(`^${name} \\[.*'10\\.9\\.0\\.0/16'`, 'm'));
      }
    },
  },
  'Two gateways that share the traffic': {
    before:
      'ip link add uplink0 type veth peer name isp0; ip link set uplink0 up; ip link set isp0 up; ip addr add 192.0.2.9/24 dev uplink0',
    async check(scene, program) {
      expect((await program.end()).trim().split('\n').toSorted()).to.deep.equal(['10.0.0.0/8 by group 10', '172.16.0.0/12 by group 10']);
      expect(scene.json('ip -j nexthop show id 10')[0]).to.deep.include({ id: 10, group: [{ id: 1 }] });
      for (const to of ['10.0.0.0/8', '172.16.0.0/12'])
        expect(scene.json(`ip -j route show ${to}`)[0]).to.deep.include({ nhid: 10, gateway: '192.0.2.1' });
    },
  },
  'A list of prefixes as blackhole routes': {
    before:
      'ip route add blackhole 10.1.0.0/16 proto 117; ip route add blackhole 10.2.0.0/16 proto 117; ip route add blackhole 10.3.0.0/16 proto 118',
    async check(scene, program) {
      program.child.stdin!.end('10.2.0.0/16\n10.4.0.0/16\n2001:db8:4::/48\n');
      expect(await program.end()).to.equal('2 added, 1 deleted\n');
      expect(scene.json('ip -j route show type blackhole proto 117').map(by('dst'))).to.have.members(['10.2.0.0/16', '10.4.0.0/16']);
      expect(scene.json('ip -6 -j route show type blackhole proto 117').map(by('dst'))).to.deep.equal(['2001:db8:4::/48']);
      expect(scene.json('ip -j route show type blackhole proto 118').map(by('dst'))).to.deep.equal(['10.3.0.0/16']);
    },
  },
  'The way to an address, whenever it changes': {
    before: UPLINKS,
    async check(scene, program) {
      await program.until('203.0.113.9 is not reachable');
      scene.sh('ip route add default via 192.0.2.1');
      await program.until('203.0.113.9 by 192.0.2.1 on up0 from 192.0.2.2');
      scene.sh('ip rule add priority 90 to 203.0.113.0/24 table 90; ip route add default via 198.51.100.1 table 90');
      await program.until('203.0.113.9 by 198.51.100.1 on up1 from 198.51.100.2');
    },
  },
  'Routes of another program that come and go': {
    before: `${UPLINKS}\nip route add 10.5.0.0/16 via 192.0.2.1 proto bird; ip route add 10.6.0.0/16 via 192.0.2.1 proto static`,
    args: ['bird'],
    async check(scene, program) {
      await program.until('1 routes of bird');
      scene.sh('ip route add 10.7.0.0/16 via 192.0.2.1 proto bird; ip route add 10.8.0.0/16 via 192.0.2.1 proto static');
      await program.until('+ 10.7.0.0/16 by 192.0.2.1 in main');
      scene.sh('ip route change 10.7.0.0/16 via 198.51.100.1 proto bird');
      await program.until('10.7.0.0/16 by 198.51.100.1 in main');
      scene.sh('ip route del 10.5.0.0/16');
      await program.until('- 10.5.0.0/16 by 192.0.2.1 in main');
      expect(program.output).not.to.match(/10\.[68]\./);
    },
  },
};
