import { expect } from 'chai';
import { BOND, VLAN, VLAN_FILTERING, type Checks } from '../check.js';
import { eventually } from '../scene.js';

export const bridges: Checks = {
  'A trunk, and access ports': {
    needs: [VLAN_FILTERING],
    before: 'for name in trunk0 port1 port2; do ip link add $name type veth peer name $name-x; done',
    async check(scene, program) {
      await program.end();
      const shown = (port: string): string => scene.sh(`bridge -compressvlans vlan show dev ${port} | tail -n +2`);
      expect(shown('trunk0')).to.match(/^trunk0\s+10-20$/);
      expect(shown('port1')).to.match(/^port1\s+10 PVID Egress Untagged$/);
      expect(shown('port2')).to.match(/^port2\s+20 PVID Egress Untagged$/);
      expect(program.output).to.include('trunk0 10-20').and.to.include('port1 10');
    },
  },
  'VLANs of one cable': {
    needs: [VLAN],
    before: 'ip link add eth7 type veth peer name eth8; ip link set eth8 up',
    async check(scene, program) {
      await program.end();
      for (const [name, id, address] of [
        ['office', 10, '10.10.0.1'],
        ['guests', 20, '10.20.0.1'],
      ] as const) {
        const [link] = scene.json(`ip -d -4 -j addr show dev ${name}`);
        expect(link).to.have.nested.property('linkinfo.info_data.id', id);
        expect(link).to.have.nested.property('addr_info[0].local', address);
        expect(program.output).to.include(`${name} is ${id} of eth7\n`);
      }
    },
  },
  'An overlay over several hosts': {
    before: 'ip link add up0 type veth peer name up1; ip link set up0 up; ip link set up1 up; ip addr add 192.0.2.10/24 dev up0',
    async check(scene, program) {
      expect(await program.end()).to.equal('{ written: 4, failed: [] }\n');
      const shown = scene.json<{ mac: string; dst: string }[]>('bridge -j fdb show dev overlay7').map(({ mac, dst }) => `${mac} ${dst}`);
      expect(shown).to.have.members([
        '00:00:00:00:00:00 192.0.2.11',
        '00:00:00:00:00:00 192.0.2.12',
        '02:00:00:00:11:01 192.0.2.11',
        '02:00:00:00:12:01 192.0.2.12',
      ]);
      expect(scene.json('ip -d -j link show overlay7')[0]).to.have.nested.property('linkinfo.info_data.id', 7);
    },
  },
  'Who is behind which port': {
    before: `ip link add br0 type bridge; ip link set br0 up; ip addr add 10.5.0.1/24 dev br0
ip netns add station; ip link add p1 type veth peer name eth0 netns station; ip link set p1 up master br0
ip -n station link set eth0 up address 02:00:00:00:77:01; ip -n station addr add 10.5.0.2/24 dev eth0`,
    async check(scene, program) {
      await program.until('watching');
      scene.send('10.5.0.1', 9, 'station');
      await program.until('10.5.0.2 is behind p1');
      expect(scene.sh('bridge fdb show dev p1')).to.include('02:00:00:00:77:01');
      scene.sh('ip link del p1');
      await program.until('02:00:00:00:77:01 is gone');
    },
  },
  'A bond that follows its active port': {
    needs: [BOND],
    before: 'for name in cable0 cable1; do ip link add $name type veth peer name $name-x; ip link set $name-x up; done',
    async check(scene, program) {
      await program.until(/in use: cable\d/);
      const active = (): unknown =>
        scene.json<{ linkinfo: { info_data: { active_slave?: string } } }[]>('ip -d -j link show bond7')[0]!.linkinfo.info_data
          .active_slave;
      const first = active();
      expect(program.output).to.include(`in use: ${String(first)}\n`);
      scene.sh(`ip link set ${String(first)}-x down`);
      await eventually('another active port', () => active() !== first);
      await program.until(`in use: ${first === 'cable0' ? 'cable1' : 'cable0'}\n`);
    },
  },
};
