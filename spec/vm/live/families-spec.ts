import { expect } from 'chai';

import { nlctrl } from '../../../lib/families/nlctrl.js';
import { rtNeigh } from '../../../lib/families/rt-neigh.js';
import { useClients } from '../../kernel/live/clients.js';
import { useWatchers } from '../../kernel/live/watcher.js';
import { json, run } from '../support.js';
import { spawnSync } from '../../support/programs.js';

const BRIDGE = 7;

describe('live collections on the wide kernel', () => {
  const watch = useWatchers();
  const open = useClients();

  it('hold the generic families that genl lists, when modules are loaded and removed', async () => {
    // A name may contain a space: `802.15.4 MAC`.
    const shown = (): string[] =>
      [...run('genl ctrl list').matchAll(/^Name: (.+)\n\s+ID: (0x[0-9a-f]+)/gm)].map(([, name, id]) => `${name!} ${String(Number(id))}`);
    // Modules without other users; earlier specs may have loaded them.
    for (const module of ['gtp', 'ila']) spawnSync('modprobe', ['-r', module]);
    const watcher = watch(open(nlctrl()).watch('getfamily'));
    for (const step of ['gtp', 'ila', '-r gtp', '-r ila', 'gtp', '-r gtp'].map((module) => `modprobe ${module}`)) {
      run(step);
      const wanted = JSON.stringify(shown().sort());
      await watcher.has(
        `families after ${step}`,
        (rows) => JSON.stringify(rows.map(({ familyName, familyId }) => `${familyName!} ${String(familyId)}`).sort()) === wanted,
      );
    }
    expect(watcher.since(0).map(({ type, value }) => `${type} ${value.familyName!}`)).to.include.members([
      'added gtp',
      'removed gtp',
      'added ila',
      'removed ila',
    ]);
  });

  it('hold the forwarding entries that bridge lists, by VLAN', async () => {
    for (const line of ['br7 type bridge vlan_filtering 1', 'pa type dummy', 'pb type dummy']) run(`ip link add ${line}`);
    try {
      for (const port of ['pa', 'pb']) {
        run(`ip link set ${port} master br7 up`);
        run(`bridge vlan add vid 5 dev ${port}`);
      }
      const watcher = watch(open(rtNeigh()).watch('getneigh', { ndmFamily: BRIDGE }));
      for (const step of [
        'add 02:00:00:00:01:03 dev pa master static vlan 1',
        'add 02:00:00:00:01:03 dev pa master static vlan 5',
        'replace 02:00:00:00:01:03 dev pb master static vlan 5',
        'del 02:00:00:00:01:03 dev pa master vlan 1',
      ]) {
        run(`bridge fdb ${step}`);
        const names = new Map(json<{ ifindex: number; ifname: string }[]>('ip -j link').map(({ ifindex, ifname }) => [ifindex, ifname]));
        const shown = json<{ mac: string; ifname: string; master?: string; vlan?: number }[]>('bridge -j fdb')
          .filter(({ master }) => master === 'br7')
          .map(({ mac, ifname, vlan }) => `${mac} ${ifname} ${String(vlan)}`);
        await watcher.has(`entries after ${step}`, (rows) => {
          const held = rows
            .filter(({ master }) => names.get(master ?? 0) === 'br7')
            .map(({ lladdr, ndmIfindex, vlan }) => `${lladdr!} ${names.get(ndmIfindex)!} ${String(vlan)}`);
          return JSON.stringify(held.sort()) === JSON.stringify(shown.sort());
        });
      }
      expect(
        watcher
          .since(0)
          .filter(({ value }) => value.lladdr === '02:00:00:00:01:03')
          .map(({ type }) => type),
      ).to.include('changed');
    } finally {
      for (const name of ['br7', 'pa', 'pb']) spawnSync('ip', ['link', 'del', name]);
    }
  });
});
