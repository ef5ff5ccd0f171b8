import { expect } from 'chai';
import type { Checks } from '../check.js';
import { eventually, type Scene } from '../scene.js';

/** A host `inside` behind the links of a router, and one `outside` of it without a route back. */
const router = (lan: string, wan: string): string => `ip netns add inside; ip netns add outside
ip link add ${lan} type veth peer name eth0 netns inside; ip link add ${wan} type veth peer name eth0 netns outside
ip link set ${lan} up; ip link set ${wan} up; ip addr add 10.9.0.1/24 dev ${lan}; ip addr add 192.0.2.2/24 dev ${wan}
for name in inside outside; do ip -n $name link set lo up; ip -n $name link set eth0 up; done
ip -n inside addr add 10.9.0.2/24 dev eth0; ip -n inside route add default via 10.9.0.1; ip -n outside addr add 192.0.2.1/24 dev eth0`;

/** A second namespace `peer` with the address 10.0.0.2, beside 10.0.0.1 here. */
const PEER = `ip netns add peer; ip link add v0 type veth peer name v1 netns peer; ip link set v0 up; ip addr add 10.0.0.1/24 dev v0
ip -n peer link set v1 up; ip -n peer link set lo up; ip -n peer addr add 10.0.0.2/24 dev v1`;

interface Ruleset {
  readonly nftables: readonly { readonly set?: { readonly name: string; readonly elem?: readonly unknown[] } }[];
}

const elements = (scene: Scene, set: string): string =>
  JSON.stringify(scene.json<Ruleset>('nft -j list ruleset').nftables.find((object) => object.set?.name === set)?.set?.elem ?? []);

export const firewall: Checks = {
  'A router that translates addresses': {
    before: router('lan0', 'wan0'),
    async check(scene, program) {
      expect(await program.end()).to.include('router');
      expect(scene.sh('nft list table ip router'))
        .to.match(/policy drop/)
        .and.to.match(/oifname "wan0" masquerade/);
      await scene.serve(80, 'outside');
      await scene.serve(80, 'inside');
      expect(scene.ask('192.0.2.1', 80, 'inside')).to.equal('192.0.2.2');
      scene.sh('ip -n outside route add 10.9.0.0/24 via 192.0.2.2');
      expect(scene.ask('10.9.0.2', 80, 'outside')).to.include('error: timed out');
    },
  },
  'A port that opens after a knock': {
    before: PEER,
    async check(scene, program) {
      await program.until('closed');
      await scene.serve(22);
      expect(scene.ask('10.0.0.1', 22, 'peer')).to.include('error: timed out');
      scene.send('10.0.0.1', 7007, 'peer');
      await program.until('open for 10.0.0.2');
      expect(elements(scene, 'knocked'))
        .to.include('10.0.0.2')
        .and.to.match(/"expires":(2\d|30)/);
      expect(scene.ask('10.0.0.1', 22, 'peer')).to.equal('10.0.0.2');
    },
  },
  'A block list that follows connections': {
    before: `${PEER}
nft 'add table ip guard; add set ip guard blocked { type ipv4_addr; flags timeout; }; add chain ip guard in { type filter hook prerouting priority 0; }'
nft 'add rule ip guard in ip saddr @blocked drop; add rule ip guard in ct state invalid drop'`,
    async check(scene, program) {
      await program.until('guarding');
      scene.sh(`ip netns exec peer bash -c 'for port in $(seq 100 112); do echo -n x > /dev/udp/10.0.0.1/$port; done'`);
      expect(elements(scene, 'blocked')).to.equal('[]');
      scene.sh(`ip netns exec peer bash -c 'for port in $(seq 200 215); do echo -n x > /dev/udp/10.0.0.1/$port; done'`);
      await program.until('blocked 10.0.0.2');
      await eventually('the element', () => elements(scene, 'blocked').includes('10.0.0.2'));
      await scene.serve(80);
      expect(scene.ask('10.0.0.1', 80, 'peer')).to.include('error: timed out');
    },
  },
  'A port of a server behind the router': {
    before: router('inside0', 'outside0'),
    async check(scene, program) {
      await program.end();
      await scene.serve(80, 'inside');
      expect(scene.ask('192.0.2.2', 8080, 'outside')).to.equal('192.0.2.1');
      // The server sees the router, to which it replies.
      expect(scene.ask('192.0.2.2', 8080, 'inside')).to.equal('10.9.0.1');
      expect(scene.sh('nft list chain ip publish pre')).to.match(/counter packets 2 /);
    },
  },
  'Rules with packets per second': {
    before: `${PEER}
nft 'add table ip app; add chain ip app in { type filter hook input priority 0; }; add rule ip app in udp dport 9 counter comment "discard"; add rule ip app in udp dport 10 counter comment "unused"'`,
    async check(scene, program) {
      await program.until('reading');
      const sent = setInterval(() => scene.send('10.0.0.1', 9, 'peer'), 100);
      try {
        await program.until(/rule ip app in: discard: \d+ packets\/s/);
      } finally {
        clearInterval(sent);
      }
      expect(scene.sh('nft list chain ip app in')).to.match(/dport 9 counter packets [1-9]/);
      expect(program.output).not.to.include('unused');
    },
  },
  'An alarm when another program changes the firewall': {
    async check(scene, program) {
      await program.until('watching');
      // The listing of the program begins again when the rules change while it reads: it needs time without a change.
      let next = 0;
      await eventually('the subscription', () => {
        if (Date.now() > next) {
          scene.sh('nft add table ip probe');
          scene.sh('nft delete table ip probe');
          next = Date.now() + 2000;
        }
        if (program.child.exitCode !== null) throw new Error(`the program ended:\n${program.output}`);
        return program.output.includes('changed by nft');
      });
      scene.sh('nft "add table inet app; add chain inet app in"');
      await program.until('inet app with 1 chains');
      expect(program.output).to.match(/changed by nft \(\d+\)/);
    },
  },
};
