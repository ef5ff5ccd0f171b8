import { expect } from 'chai';
import type { Checks } from '../check.js';
import { eventually } from '../scene.js';

const PEER = `ip netns add peer; ip link add v0 type veth peer name v1 netns peer; ip link set v0 up; ip addr add 10.0.0.1/24 dev v0
ip -n peer link set v1 up; ip -n peer link set lo up; ip -n peer addr add 10.0.0.2/24 dev v1`;

/** Connects to port 80, and does not close after its peer has closed. */
const LEAK = `
import socket, time
client = socket.create_connection(("10.0.0.2", 80))
client.recv(100)
print("open", client.getsockname()[1], flush=True)
time.sleep(1000)
`;

export const watching: Checks = {
  'Interfaces that start units of systemd': {
    async check(scene, program) {
      await program.until('listening');
      scene.sh('ip link add wan0 type veth peer name other0');
      await program.until('systemctl start uplink@wan0.service');
      scene.sh('ip link del wan0');
      await program.until('systemctl stop uplink@wan0.service');
      expect(program.output).not.to.include('other0');
    },
  },
  'A link that flaps': {
    before: PEER,
    async check(scene, program) {
      await program.until('watching');
      // The kernel reports the carrier of a link at most once a second: faster changes would be seen as none.
      scene.start('sh', ['-c', 'while :; do for state in down up; do ip -n peer link set v1 $state; sleep 1.1; done; done']);
      await program.until(/v0 changed [4-9] times, now (on|off)/);
    },
  },
  'A gateway with another MAC address': {
    before: `${PEER}\nip -n peer link set v1 address 02:00:00:00:00:01`,
    args: ['10.0.0.2'],
    async check(scene, program) {
      await program.until('watching');
      scene.send('10.0.0.2', 9);
      await program.until('10.0.0.2 is at 02:00:00:00:00:01');
      scene.sh('ip -n peer link set v1 address 02:00:00:00:00:02; ip neigh flush dev v0');
      scene.send('10.0.0.2', 9);
      await program.until('10.0.0.2 moved from 02:00:00:00:00:01 to 02:00:00:00:00:02');
      expect(scene.sh('ip neigh show 10.0.0.2')).to.include('02:00:00:00:00:02');
    },
  },
  'Services that come and go': {
    async check(scene, program) {
      await program.until('watching');
      const server = await scene.serve(8080);
      await program.until('python3 listens on 0.0.0.0 port 8080');
      expect(scene.sh('ss -Hltn sport = :8080')).to.include('0.0.0.0:8080');
      server.child.kill('SIGKILL');
      await program.until('python3 has left 0.0.0.0 port 8080');
    },
  },
  'Connections that their program does not close': {
    before: PEER,
    async check(scene, program) {
      await program.until('reading');
      await scene.serve(80, 'peer');
      const leak = scene.start('python3', ['-S', '-E', '-c', LEAK]);
      await leak.until(/open \d+/);
      const [, port] = /open (\d+)/.exec(leak.output)!;
      await program.until(`python3 does not close a connection of port ${port!}`);
      expect(scene.sh('ss -Htn state close-wait')).to.include(`:${port!}`);
    },
  },
  'Every finished connection with its round-trip time': {
    before: PEER,
    async check(scene, program) {
      await program.until('listening');
      await scene.serve(80, 'peer');
      await eventually('a connection', () => {
        // On a busy machine a connection may fail, or send a segment again.
        const answer = scene.ask('10.0.0.2', 80);
        // The kernel counts the FIN too.
        return answer === '10.0.0.1' && /10\.0\.0\.1:\d+ 10\.0\.0\.2:80 rtt [\d.]+ ms, 9 bytes received, 0 segments/.test(program.output);
      });
    },
  },
};
