import type { Network } from '../../../../lib/network/network.js';
import { addPair, eventually, one, outcomes, type NetworkCase, type NetworkWorld } from '../world.js';

const MAC = '02:00:00:00:01:07';
const OTHER = '02:00:00:00:01:08';
const FLOOD = '00:00:00:00:00:00';

/** Returns the entries without a VLAN; devices list their own multicast addresses too. */
async function entriesOf(net: Network): Promise<readonly string[]> {
  const all = await one(net.fdb.list());
  return all
    .filter(({ on, link, mac, vlan }) => vlan === undefined && (on === 'bridge' || link.startsWith('x') || mac.startsWith('02:')))
    .map(({ mac, link, bridge, state, sticky, remote, port, vni, via }) => {
      const words = [sticky && 'sticky', remote, port && `port ${port}`, vni && `vni ${vni}`, via && `via ${via}`];
      return [mac, link, bridge, state, ...words].filter(Boolean).join(' ');
    })
    .sort();
}

/** Makes a bridge with the port v0. */
async function addBridge(world: NetworkWorld): Promise<void> {
  const { links } = world.net;
  await addPair(world);
  await one(links.change('v0', { mac: '02:00:00:00:00:11' }));
  await one(links.add({ name: 'b0', kind: 'bridge', up: true }));
  await one(links.change('v0', { master: 'b0' }));
}

export const forwardingCases: readonly NetworkCase[] = [
  {
    title: 'adds, changes and deletes entries of a bridge',
    run: async (world) => {
      await addBridge(world);
      const { fdb } = world.net;
      const seen = [await entriesOf(world.net)];
      const texts = await outcomes(
        fdb.add({ link: 'v0', mac: MAC }),
        fdb.add({ link: 'v0', mac: MAC }),
        fdb.add({ link: 'v0', mac: OTHER, state: 'permanent' }),
        fdb.add({ link: 'v0', mac: '02:00:00:00:01:09', sticky: true }),
        fdb.change({ link: 'v0', mac: MAC }, { state: 'permanent' }),
        fdb.ensure({ link: 'v0', mac: OTHER, state: 'permanent' }),
        fdb.add({ link: 'b0', mac: '02:00:00:00:01:0a', state: 'permanent' }),
        fdb.add({ link: 'v1', mac: MAC }),
        fdb.add({ link: 'nope', mac: MAC }),
        fdb.add({ link: 'v0', mac: '02:00:00:00:01:0b', on: 'device' }),
        fdb.add({ link: 'v0', mac: '02:00:00:00:01:0b', on: 'device', state: 'permanent' }),
        fdb.add({ link: 'v0', mac: FLOOD }),
        fdb.get({ link: 'v0', mac: '02:00:00:00:01:0c' }),
        fdb.delete({ link: 'v0', mac: '02:00:00:00:01:0c' }),
      );
      seen.push(await entriesOf(world.net));
      await one(fdb.delete({ link: 'v0', mac: MAC, on: 'bridge' }));
      await one(fdb.delete({ link: 'v0', mac: '02:00:00:00:01:0b' }));
      await one(fdb.change({ link: 'v0', mac: OTHER }, { state: 'static' }));
      seen.push(await entriesOf(world.net));
      await one(world.net.links.change('b0', { mac: '02:00:00:00:00:13' }));
      await one(world.net.links.change('v1', { mac: '02:00:00:00:00:14', master: 'b0' }));
      return [texts, ...seen, await entriesOf(world.net)];
    },
    expected: [
      [
        'done',
        'exists: cannot add forwarding entry 02:00:00:00:01:07 on v0: it exists (EEXIST); ensure() accepts an object that exists',
        'done',
        'done',
        'done',
        'done',
        "unsupported: cannot add forwarding entry 02:00:00:00:01:0a on b0: link: 'b0' is not a port of a bridge; on: 'device' writes an entry of the link itself",
        "unsupported: cannot add forwarding entry 02:00:00:00:01:07 on v1: link: 'v1' is not a port of a bridge; on: 'device' writes an entry of the link itself",
        "unknown-name: cannot add forwarding entry 02:00:00:00:01:07 on nope: link: no link is named 'nope'",
        'done',
        'exists: cannot add forwarding entry 02:00:00:00:01:0b on v0: it exists (EEXIST); ensure() accepts an object that exists',
        'invalid: cannot add forwarding entry 00:00:00:00:00:00 on v0: the kernel rejects a value, and does not state which (EINVAL)',
        'missing: cannot get forwarding entry 02:00:00:00:01:0c on v0: it does not exist',
        'missing: cannot delete forwarding entry 02:00:00:00:01:0c on v0: it does not exist',
      ],
      ['02:00:00:00:00:11 v0 b0 permanent'],
      [
        '02:00:00:00:00:11 v0 b0 permanent',
        '02:00:00:00:01:07 v0 b0 permanent',
        '02:00:00:00:01:08 v0 b0 permanent',
        '02:00:00:00:01:09 v0 b0 static sticky',
        '02:00:00:00:01:0b v0 permanent',
      ],
      ['02:00:00:00:00:11 v0 b0 permanent', '02:00:00:00:01:08 v0 b0 static', '02:00:00:00:01:09 v0 b0 static sticky'],
      [
        '02:00:00:00:00:11 v0 b0 permanent',
        '02:00:00:00:00:13 b0 b0 permanent',
        '02:00:00:00:00:14 v1 b0 permanent',
        '02:00:00:00:01:08 v0 b0 static',
        '02:00:00:00:01:09 v0 b0 static sticky',
      ],
    ],
  },
  {
    title: 'loses the entries of a port that leaves, goes down or is deleted, and follows its address',
    run: async (world) => {
      const { net } = world;
      await addBridge(world);
      const write = async () => {
        await one(net.fdb.ensure({ link: 'v0', mac: MAC }));
        await one(net.fdb.ensure({ link: 'v0', mac: OTHER, state: 'permanent' }));
        await one(net.fdb.ensure({ link: 'v0', mac: '02:00:00:00:01:09', state: 'dynamic' }));
      };
      await write();
      await one(net.links.change('v0', { mac: '02:00:00:00:00:12' }));
      const seen = [await entriesOf(net)];
      await one(net.links.change('v0', { up: false }));
      seen.push(await entriesOf(net));
      await one(net.links.change('v0', { up: true, master: null }));
      seen.push(await entriesOf(net));
      await one(net.links.change('v0', { master: 'b0' }));
      await write();
      await one(net.links.delete('v0'));
      seen.push(await entriesOf(net));
      await one(net.links.delete('b0'));
      return [...seen, await entriesOf(net)];
    },
    expected: [
      [
        '02:00:00:00:00:12 v0 b0 permanent',
        '02:00:00:00:01:07 v0 b0 static',
        '02:00:00:00:01:08 v0 b0 permanent',
        '02:00:00:00:01:09 v0 b0 dynamic',
      ],
      ['02:00:00:00:00:12 v0 b0 permanent', '02:00:00:00:01:07 v0 b0 static', '02:00:00:00:01:08 v0 b0 permanent'],
      [],
      [],
      [],
    ],
  },
  {
    title: 'keeps the remotes of a VXLAN device',
    run: async ({ net }) => {
      await one(net.links.add({ name: 'x0', kind: 'vxlan', vxlan: { id: 42, port: 4789 }, up: true }));
      const { fdb } = net;
      const texts = await outcomes(
        fdb.add({ link: 'x0', mac: MAC, remote: '192.0.2.1' }),
        fdb.add({ link: 'x0', mac: MAC, remote: '192.0.2.1' }),
        fdb.add({ link: 'x0', mac: OTHER, remote: '192.0.2.1', port: 9999, vni: 7, via: 'lo' }),
        fdb.add({ link: 'x0', mac: FLOOD, remote: '192.0.2.1' }),
        fdb.add({ link: 'x0', mac: FLOOD, remote: '192.0.2.2' }),
        fdb.ensure({ link: 'x0', mac: FLOOD, remote: '192.0.2.2' }),
        fdb.ensure({ link: 'x0', mac: MAC, remote: '192.0.2.3' }),
        fdb.add({ link: 'x0', mac: '02:00:00:00:01:0a', on: 'device' }),
      );
      const seen = [await entriesOf(net)];
      await one(fdb.delete({ link: 'x0', mac: FLOOD, remote: '192.0.2.1' }));
      await one(fdb.delete({ link: 'x0', mac: OTHER }));
      seen.push(await entriesOf(net));
      await one(net.links.delete('x0'));
      return [texts, ...seen, await entriesOf(net)];
    },
    expected: [
      [
        'done',
        'exists: cannot add forwarding entry 02:00:00:00:01:07 on x0 to 192.0.2.1: it exists (EEXIST); ensure() accepts an object that exists',
        'done',
        'done',
        'done',
        'done',
        'done',
        'invalid: cannot add forwarding entry 02:00:00:00:01:0a on x0: the kernel rejects a value, and does not state which (EINVAL)',
      ],
      [
        '00:00:00:00:00:00 x0 permanent 192.0.2.1',
        '00:00:00:00:00:00 x0 permanent 192.0.2.2',
        '02:00:00:00:01:07 x0 permanent 192.0.2.3',
        '02:00:00:00:01:08 x0 permanent 192.0.2.1 port 9999 vni 7 via lo',
      ],
      ['00:00:00:00:00:00 x0 permanent 192.0.2.2', '02:00:00:00:01:07 x0 permanent 192.0.2.3'],
      [],
    ],
  },
  {
    title: 'shows another program the entries as they come and go',
    run: async (world) => {
      const { net, other } = world;
      await addBridge(world);
      const texts: string[] = [];
      const watching = other.fdb.watch({ link: 'v0', on: 'bridge' }).subscribe((change) => {
        if (change.type === 'synced') texts.push('synced');
        // A bridge with VLANs has each entry a second time, in the VLAN of its port.
        else if (change.value.vlan === undefined) texts.push(`${change.type} ${change.value.mac} ${change.value.state}`);
      });
      await eventually(() => texts.length === 1, 'synced');
      await one(net.fdb.add({ link: 'v0', mac: MAC }));
      await one(net.fdb.change({ link: 'v0', mac: MAC }, { state: 'permanent' }));
      await one(net.fdb.delete({ link: 'v0', mac: MAC }));
      await one(net.fdb.add({ link: 'v0', mac: OTHER }));
      await one(net.links.change('v0', { master: null }));
      await eventually(() => texts.filter((text) => text.startsWith('removed')).length === 3, 'all are removed');
      watching.unsubscribe();
      // A port that leaves its bridge makes the table be read again.
      const rest = texts.slice(5).filter((text) => text !== 'synced');
      return [texts.slice(0, 5), rest.sort()];
    },
    expected: [
      [
        'synced',
        'added 02:00:00:00:01:07 static',
        'changed 02:00:00:00:01:07 permanent',
        'removed 02:00:00:00:01:07 permanent',
        'added 02:00:00:00:01:08 static',
      ],
      ['removed 02:00:00:00:00:11 permanent', 'removed 02:00:00:00:01:08 static'],
    ],
  },
];
