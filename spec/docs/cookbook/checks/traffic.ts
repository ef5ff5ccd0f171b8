import { expect } from 'chai';
import { NETEM, type Checks } from '../check.js';
import { eventually } from '../scene.js';

const PEER = `ip netns add peer; ip link add v0 type veth peer name v1 netns peer; ip link set v0 up; ip addr add 10.0.0.1/24 dev v0
ip -n peer link set v1 up; ip -n peer link set lo up; ip -n peer addr add 10.0.0.2/24 dev v1`;

const flood = (address: string): string => `bash -c 'for n in $(seq 200); do head -c 1000 /dev/zero > /dev/udp/${address}/9; done'`;

interface Statistics {
  readonly kind: string;
  readonly drops: number;
}

export const traffic: Checks = {
  'A rate for each peer': {
    before: 'ip link add lan0 type veth peer name lan1; ip link set lan0 up; ip link set lan1 up; ip addr add 10.5.0.1/24 dev lan0',
    async check(scene, program) {
      await program.end();
      const classes = scene.json<{ handle: string; rate: number; ceil: number }[]>('tc -j class show dev lan0');
      // tc prints bytes per second.
      expect(Object.fromEntries(classes.map(({ handle, rate, ceil }) => [handle, [rate * 8, ceil * 8]]))).to.deep.equal({
        '1:1': [100e6, 100e6],
        '1:10': [20e6, 100e6],
        '1:11': [5e6, 100e6],
      });
      scene.sh('ip neigh add 10.5.0.3 lladdr 02:00:00:00:00:03 dev lan0');
      scene.send('10.5.0.3', 9);
      const sent = scene.json<{ handle: string; stats: { packets: number } }[]>('tc -s -j class show dev lan0');
      expect(sent.find(({ handle }) => handle === '1:11')!.stats.packets).to.equal(1);
      expect(sent.find(({ handle }) => handle === '1:10')!.stats.packets).to.equal(0);
    },
  },
  'A laboratory with a bad line': {
    needs: [NETEM],
    async check(scene, program) {
      await program.until('ready');
      for (const netns of ['lab-a', 'lab-b']) {
        const qdiscs = scene.json<{ kind: string; options: { delay?: { delay: number }; 'loss-random'?: { loss: number } } }[]>(
          `ip netns exec ${netns} tc -j qdisc show dev line`,
        );
        const netem = qdiscs.find(({ kind }) => kind === 'netem')!;
        expect(netem.options.delay!.delay).to.be.closeTo(0.05, 0.001);
        expect(netem.options['loss-random']!.loss).to.be.closeTo(0.01, 0.0001);
        expect(qdiscs.map(({ kind }) => kind)).to.include('tbf');
      }
      scene.sh('ip netns exec lab-a bash -c "exec 3<>/dev/tcp/10.200.0.2/9"');
      await program.end();
    },
  },
  'A limit for both directions of a link': {
    async check(scene, program) {
      scene.sh('ip link add guest0 type veth peer name guest1; ip link set guest0 up; ip link set guest1 up');
      await program.until('guest0: 2000000 bit/s out, 2000000 bit/s in');
      expect(scene.json<{ options: { rate: number } }[]>('tc -j qdisc show dev guest0 root')[0]!.options.rate * 8).to.equal(2e6);
      expect(scene.sh('tc filter show dev guest0 ingress')).to.include('mirred');
      scene.sh(`kill -INT ${program.child.pid}`);
      await program.until('unlimited');
      expect(scene.sh('tc qdisc show dev guest0')).not.to.match(/tbf|clsact/);
      await program.end();
      expect(scene.sh('ip link show')).not.to.include('ifb');
    },
  },
  'An alarm for a queue that drops': {
    before: `${PEER}\ntc qdisc add dev v0 root tbf rate 64kbit burst 2000 limit 3000`,
    async check(scene, program) {
      await program.until('reading');
      await eventually('the alarm', () => {
        scene.sh(flood('10.0.0.2'));
        return /tbf at root of v0 dropped \d+ packets/.test(program.output);
      });
      expect(scene.json<Statistics[]>('tc -s -j qdisc show dev v0 root')[0]!.drops).to.be.above(0);
    },
  },
  'A copy of the traffic of a port': {
    before: `${PEER}\nip link set v0 name port0; ip link set port0 up; ip link add tap0 type veth peer name recorder; ip link set recorder up`,
    async check(scene, program) {
      expect(await program.end()).to.include('mirror');
      const received = (): number =>
        scene.json<{ stats64: { rx: { bytes: number } } }[]>('ip -s -j link show recorder')[0]!.stats64.rx.bytes;
      const before = received();
      scene.sh(`ip netns exec peer ${flood('10.0.0.1')}`);
      expect(received() - before).to.be.at.least(200 * 1000);
    },
  },
  'The rate of each link': {
    before: PEER,
    async check(scene, program) {
      await program.until('lo: 0.000 Mbit/s in');
      await eventually('a rate', () => {
        scene.sh(`ip netns exec peer ${flood('10.0.0.1')}`);
        return /v0: (?!0\.0)\d+\.\d+ Mbit\/s in/.test(program.output);
      });
      expect(program.output).not.to.match(/^lo: (?!0\.000)/m);
    },
  },
};
