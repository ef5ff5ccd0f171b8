import { expect } from 'chai';
import type { Checks } from '../check.js';
import { eventually } from '../scene.js';

const PEER = `ip netns add peer; ip link add v0 type veth peer name v1 netns peer; ip link set v0 up; ip addr add 10.0.0.1/24 dev v0
ip -n peer link set v1 up; ip -n peer link set lo up; ip -n peer addr add 10.0.0.2/24 dev v1`;

/** Prints the TOS byte and the text of one datagram. */
const RECEIVE = `
import socket
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.setsockopt(socket.IPPROTO_IP, 13, 1)
server.bind(("0.0.0.0", 99))
print("listening", flush=True)
data, ancillary, flags, address = server.recvmsg(100, 100)
print("tos", ancillary[0][2][0], data.decode(), flush=True)
`;

const TRACKED = `${PEER}
nft 'add table ip track; add chain ip track in { type filter hook input priority 0; }; add rule ip track in ct state invalid drop'`;

export const packets: Checks = {
  'Packets that a program rewrites': {
    before: `${PEER}
iptables -t mangle -A PREROUTING -p udp --dport 99 -j NFQUEUE --queue-num 9`,
    async check(scene, program) {
      await program.until('waiting');
      const receiver = scene.start('python3', ['-S', '-E', '-c', RECEIVE]);
      await receiver.until('listening');
      scene.send('10.0.0.1', 99, 'peer', 'hello');
      // The host would drop it if its checksum were wrong: IPv4 headers are always checked.
      await receiver.until(`tos ${46 << 2} hello`);
      await program.until('marked 33 bytes');
    },
  },
  'The way of a packet through the rules': {
    before: `${PEER}
nft 'add table ip walk; add chain ip walk in { type filter hook input priority 0; policy accept; }'
nft 'add rule ip walk in udp dport 99 meta nftrace set 1 comment "select"; add rule ip walk in udp dport 99 drop comment "stop here"'`,
    async check(scene, program) {
      await program.until('tracing');
      await eventually('a trace', () => {
        scene.send('10.0.0.1', 99, 'peer');
        return program.output.includes('stop here');
      });
      expect(program.output)
        .to.match(/^walk in: select: continue$/m)
        .and.to.match(/^walk in: stop here: drop$/m);
    },
  },
  'Bytes of each finished connection': {
    before: `${TRACKED}\nsysctl -qw net.netfilter.nf_conntrack_acct=1`,
    async check(scene, program) {
      await program.until('counting');
      scene.send('10.0.0.1', 9, 'peer', 'twelve-bytes');
      const known = scene.sh('conntrack -L -p udp 2>/dev/null');
      const [, bytes] = /dport=9 packets=1 bytes=(\d+)/.exec(known)!;
      scene.sh('conntrack -D -p udp --dport 9 2>/dev/null');
      await program.until(`10.0.0.2 -> 10.0.0.1 port 9: ${bytes!} bytes out`);
    },
  },
  'The addresses with the most connections': {
    before: `${TRACKED}
ip -n peer addr add 10.0.0.3/32 dev lo; ip route add 10.0.0.3 via 10.0.0.2
ip netns exec peer bash -c 'for port in 31 32 33; do echo -n x > /dev/udp/10.0.0.1/$port; done'
ip netns exec peer ip route change 10.0.0.0/24 dev v1 src 10.0.0.3
ip netns exec peer bash -c 'echo -n x > /dev/udp/10.0.0.1/34'`,
    async check(scene, program) {
      expect(await program.end()).to.match(/^10\.0\.0\.2 3\n10\.0\.0\.3 1\n/);
      expect(scene.sh('conntrack -L -s 10.0.0.2 2>/dev/null').split('\n')).to.have.lengthOf(3);
    },
  },
  'Forgetting the connections of an address': {
    before: `${TRACKED}
ip netns exec peer bash -c 'for port in 31 32 33; do echo -n x > /dev/udp/10.0.0.1/$port; done'
bash -c 'echo -n x > /dev/udp/10.0.0.2/35' || true`,
    async check(scene, program) {
      expect(await program.end()).to.equal('3 connections deleted\n');
      expect(scene.sh('conntrack -L -s 10.0.0.2 2>/dev/null')).to.equal('');
      expect(scene.sh('conntrack -L -s 10.0.0.1 2>/dev/null')).to.include('dport=35');
    },
  },
};
