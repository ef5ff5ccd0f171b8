import { expect } from 'chai';
import type { Checks } from '../check.js';
import { eventually } from '../scene.js';

export const desiredState: Checks = {
  'A host with a fixed address': {
    before: 'ip link add eth5 address 02:00:00:00:00:77 type veth peer name switch5; ip link set switch5 up',
    async check(scene, program) {
      await program.end();
      const [lan0] = scene.json<{ mtu: number; flags: string[]; addr_info: { local: string }[] }[]>('ip -j addr show dev lan0');
      expect(lan0).to.include({ mtu: 1400 });
      expect(lan0!.addr_info.map(({ local }) => local)).to.include.members(['192.0.2.10', '2001:db8::10']);
      expect(scene.json('ip -j route show default')[0]).to.deep.include({ gateway: '192.0.2.1', dev: 'lan0' });
      expect(scene.json('ip -6 -j route show default')[0]).to.deep.include({ gateway: '2001:db8::1', dev: 'lan0' });
      const again = scene.start(process.execPath, [program.child.spawnargs.at(-1)!]);
      expect(await again.end()).to.equal('as wanted\n');
    },
  },
  'A host that mends itself': {
    async check(scene, program) {
      const isWanted = (): boolean => scene.sh('ip route show 10.45.0.0/16').includes('via 10.44.0.9 dev service0');
      await program.until('repaired');
      await eventually('the route', isWanted);
      scene.sh('ip addr del 10.44.0.1/24 dev service0');
      await eventually('the address', () => scene.sh('ip -4 addr show dev service0').includes('inet 10.44.0.1/24'));
      await eventually('the route again', isWanted);
      await program.until(/repaired[^]*repaired/);
    },
  },
  'A check of a host for a pipeline': {
    before: 'ip link add lan0 type bridge',
    async check(scene, program) {
      const links = [{ name: 'lan0', kind: 'bridge', mtu: 1500 }];
      program.child.stdin!.end(JSON.stringify({ version: 1, links }));
      expect(await program.end()).to.equal('as described\n');
      const run = async (document: object): Promise<string> => {
        const again = scene.start(process.execPath, [program.child.spawnargs.at(-1)!]);
        again.child.stdin!.end(JSON.stringify(document));
        await again.end().catch(() => undefined);
        return `${again.child.exitCode} ${again.output}`;
      };
      expect(await run({ version: 1, links: [{ name: 'lan0', mtu: 1400 }] })).to.match(/^2 ~ link lan0: mtu 1500 -> 1400\n$/);
      expect(await run({ version: 1, links: [{ name: 'lan0', mtu: -1 }] })).to.match(/^1 links\[0\]\.mtu: /);
      expect(scene.json('ip -j link show lan0')[0]).to.deep.include({ mtu: 1500 });
    },
  },
};
