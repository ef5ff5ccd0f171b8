import { expect } from 'chai';
import type { Checks } from '../check.js';
import { eventually } from '../scene.js';

export const containers: Checks = {
  'A container on a bridge': {
    async check(scene, program) {
      expect((await program.end()).trim().split('\n')).to.have.lengthOf.above(5);
      expect(scene.json('ip -j link show master br0')[0]).to.deep.include({ ifname: 'veth-shop', operstate: 'UP' });
      expect(scene.json('ip -n shop -j route show default')[0]).to.deep.include({ gateway: '10.77.0.1', dev: 'eth0' });
      await scene.serve(80, 'shop');
      expect(scene.ask('10.77.0.2', 80)).to.equal('10.77.0.1');
    },
  },
  'A plugin in the shape of CNI': {
    before: 'ip netns add pod1',
    environment: { CNI_COMMAND: 'ADD', CNI_NETNS: '/run/netns/pod1', CNI_CONTAINERID: '0123456789abcdef' },
    async check(scene, program) {
      const wishes = { cniVersion: '1.0.0', bridge: 'cni0', address: '10.66.0.5/24', gateway: '10.66.0.1' };
      program.child.stdin!.end(JSON.stringify(wishes));
      const printed = JSON.parse(await program.end()) as { readonly ips: readonly unknown[] };
      expect(printed.ips).to.deep.equal([{ interface: 0, address: '10.66.0.5/24', gateway: '10.66.0.1' }]);
      expect(scene.json('ip -j link show master cni0').map(({ ifname }) => ifname)).to.deep.equal(['cni01234567']);
      const [eth0] = scene.json<{ addr_info: { local: string; prefixlen: number }[] }[]>('ip -n pod1 -j addr show dev eth0');
      expect(eth0!.addr_info[0]).to.include({ local: '10.66.0.5', prefixlen: 24 });
      expect(scene.json('ip -n pod1 -j route show default')[0]).to.deep.include({ gateway: '10.66.0.1' });
      // Twice, because a runtime may repeat it.
      for (let count = 0; count < 2; count++) {
        const end = scene.start(process.execPath, [String(program.child.spawnargs.at(-1))], {
          CNI_COMMAND: 'DEL',
          CNI_CONTAINERID: '0123456789abcdef',
        });
        end.child.stdin!.end(JSON.stringify(wishes));
        expect(await end.end()).to.equal('{}\n');
        expect(scene.json('ip -j link show master cni0')).to.deep.equal([]);
      }
    },
  },
  'A container with a route instead of a bridge': {
    async check(scene, program) {
      expect(await program.end()).to.equal('6 changes\n');
      expect(scene.json('ip -j route show 10.88.0.7')[0]).to.deep.include({ dev: 'route-blog', scope: 'link' });
      expect(scene.json<{ local: string }[]>('ip -j addr show dev route-blog')[0]).to.have.nested.property(
        'addr_info[0].local',
        '169.254.1.1',
      );
      scene.sh('ip addr add 192.0.2.1/32 dev lo');
      await scene.serve(80);
      // The reply comes back through the route of the host.
      expect(scene.ask('192.0.2.1', 80, 'blog')).to.equal('10.88.0.7');
    },
  },
  'A server inside of a container': {
    async check(scene, program) {
      await program.until('listens on');
      const [, processId] = /process (\d+) listens on 0\.0\.0\.0 port 8000/.exec(program.output)!;
      expect(scene.sh('ip netns exec files ss -Hltnp sport = :8000')).to.include(`pid=${processId!},`);
      expect(scene.sh('ss -Hltn sport = :8000')).to.equal('');
      scene.sh(`kill ${program.child.pid}`);
      await program.end();
      await eventually('the end of the server', () => scene.sh('ip netns exec files ss -Hltn sport = :8000') === '');
    },
  },
  'A card for one container': {
    before: 'ip link add wan7 type veth peer name isp7 && ip link set isp7 up && ip addr add 10.0.0.9/8 dev wan7',
    async check(scene, program) {
      expect(await program.end()).to.match(/^uplink up .*192\.0\.2\.7\/24/);
      const [uplink] = scene.json<{ ifname: string; operstate: string; addr_info: { local: string }[] }[]>(
        'ip -n router -4 -j addr show dev uplink',
      );
      expect(uplink).to.include({ operstate: 'UP' });
      expect(uplink!.addr_info.map(({ local }) => local)).to.deep.equal(['192.0.2.7']);
      expect(scene.json('ip -j link').map(({ ifname }) => ifname)).not.to.include('wan7');
    },
  },
  'Containers without a way out': {
    before: 'ip netns add alone && ip netns add online && ip -n online link set lo up && ip -n online route add default dev lo',
    async check(scene, program) {
      await program.until('alone has no way out');
      await program.until('online goes by lo');
      scene.sh('ip -n online route del default');
      await program.until('online has no way out');
      scene.sh('ip netns add late && ip -n late link set lo up && ip -n late route add default dev lo');
      await program.until('late goes by lo');
    },
  },
};
