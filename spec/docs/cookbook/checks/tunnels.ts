import { expect } from 'chai';
import { TUN, WIREGUARD, type Checks } from '../check.js';

const MESH = `ip link add wan type bridge; ip link set wan up
for n in 1 2 3; do ip netns add mesh$n; ip link add port$n type veth peer name eth0 netns mesh$n; ip link set port$n up master wan
ip -n mesh$n link set lo up; ip -n mesh$n link set eth0 up; ip -n mesh$n addr add 192.0.2.$n/24 dev eth0; done`;

export const tunnels: Checks = {
  'A mesh of WireGuard': {
    needs: [WIREGUARD],
    before: MESH,
    async check(scene, program) {
      await program.end();
      const keys = [1, 2, 3].map((host) => scene.sh(`ip netns exec mesh${host} wg show wg0 public-key`));
      for (const host of [1, 2, 3]) {
        const others = keys.filter((_key, index) => index + 1 !== host);
        expect(scene.sh(`ip netns exec mesh${host} wg show wg0 peers`).split('\n')).to.have.members(others);
      }
      await scene.serve(80, 'mesh3');
      expect(scene.ask('10.8.0.3', 80, 'mesh1')).to.equal('10.8.0.1');
    },
  },
  'A VPN with a routing table of its own': {
    needs: [TUN],
    before: `ip link add eth0 type veth peer name isp0; ip link set eth0 up; ip link set isp0 up
ip addr add 192.0.2.2/24 dev eth0; ip route add default via 192.0.2.1; ip route add 10.20.0.0/16 via 192.0.2.9
ip -6 addr add 2001:db8::2/64 dev eth0 nodad; ip -6 route add default via 2001:db8::1
ip rule add priority 90 to 10.99.0.0/16 table 90`,
    async check(scene, program) {
      const written = () =>
        scene
          .sh('ip rule; ip -6 rule; ip route show table all; ip -6 route show table all; ip -o link')
          .split('\n')
          .filter((line) => /proto 97|tun0/.test(line));
      const linkTo = (words: string) => scene.json(`ip -j route get ${words}`)[0]!['dev'];
      await program.until('in-sync');
      expect(written().filter((line) => line.includes('fwmark 0xca6c lookup 51820'))).to.have.lengthOf(2);
      for (const address of ['203.0.113.9', '2001:db8:9::1']) {
        expect(linkTo(address)).to.equal('tun0');
        expect(linkTo(`${address} mark 0xca6c`)).to.equal('eth0');
      }
      for (const address of ['10.20.0.1', '192.0.2.9']) expect(linkTo(address)).to.equal('eth0');
      program.child.kill('SIGINT');
      expect(await program.end()).to.match(/^removed 7 objects$/m);
      expect(written()).to.deep.equal([]);
      expect(scene.json('ip -j rule').map(({ priority }) => priority)).to.deep.equal([0, 90, 32766, 32767]);
      expect(linkTo('203.0.113.9')).to.equal('eth0');
    },
  },
  'Packets that need a key': {
    before: `ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up; ip addr add 192.0.2.1/24 dev v0; ip route add 10.2.0.0/16 via 192.0.2.2`,
    async check(scene, program) {
      await program.until('listening');
      const policy = 'ip xfrm policy add src 192.0.2.1/32 dst 10.2.0.0/16 dir out tmpl src 192.0.2.1 dst 192.0.2.2 proto esp mode tunnel';
      while (!program.output.includes('newpolicy')) {
        scene.sh(`${policy}; sleep 0.1`);
        if (!program.output.includes('newpolicy')) scene.sh('ip xfrm policy flush; sleep 0.1');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      scene.sh(`${policy} 2>/dev/null || true; bash -c 'echo x > /dev/udp/10.2.0.1/9' || true`);
      await program.until(/acquire.* 192\.0\.2\.2$/m);
    },
  },
  'A second path for MPTCP': {
    before: 'ip addr add 192.0.2.2/32 dev lo',
    async check(scene, program) {
      expect(await program.end()).to.match(/^192\.0\.2\.2 \d+\n$/);
      expect(scene.sh('ip mptcp endpoint show')).to.match(/192\.0\.2\.2.*signal/);
      expect(scene.sh('ip mptcp limits show')).to.match(/add_addr_accepted 2 subflows 2/);
    },
  },
};
