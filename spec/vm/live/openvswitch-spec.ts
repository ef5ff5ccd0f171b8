import { expect } from 'chai';

import { ovsDatapath } from '../../../lib/families/ovs_datapath.js';
import { ovsVport } from '../../../lib/families/ovs_vport.js';
import { useClients } from '../../kernel/live/clients.js';
import { useWatchers } from '../../kernel/live/watcher.js';
import { last, modules, run } from '../support.js';
import { requirePrograms, spawnSync } from '../../support/programs.js';

/** Returns the ports of each datapath that `ovs-dpctl show` prints: `port 1: name` or `port 1: name (type)`. */
function shownDatapaths(): Map<string, string[]> {
  const blocks = run('ovs-dpctl show')
    .split(/^(?=\S)/m)
    .filter((block) => block.trim() !== '');
  return new Map(
    blocks.map((block) => [
      /^(?:system@)?([^:\s]+):/.exec(block)?.[1] ?? block,
      [...block.matchAll(/^\s+port (\d+): (\S+)/gm)].map(([, port, name]) => `${String(port)} ${String(name)}`).sort(),
    ]),
  );
}

describe('live collections of Open vSwitch', () => {
  const watch = useWatchers();
  const open = useClients();

  before(function () {
    requirePrograms('ovs-dpctl');
    modules('openvswitch', 'dummy');
  });
  beforeEach(() => {
    for (const name of ['lp0', 'lp1', 'lp2']) run(`ip link add ${name} type dummy`);
  });
  afterEach(() => {
    for (const name of ['lp0', 'lp1', 'lp2']) spawnSync('ip', ['link', 'del', name]);
    for (const name of ['livedp', 'otherdp']) spawnSync('ovs-dpctl', ['del-dp', name]);
  });

  it('hold the datapaths that ovs-dpctl shows', async () => {
    const watcher = watch(open(ovsDatapath()).watch('get'));
    for (const step of ['add-dp livedp', 'add-dp otherdp', 'add-if livedp lp0', 'del-dp livedp', 'add-dp livedp', 'del-dp otherdp']) {
      run(`ovs-dpctl ${step}`);
      const wanted = [...shownDatapaths().keys()].sort();
      await watcher.has(
        `datapaths after ${step}`,
        (rows) => JSON.stringify(rows.map(({ name }) => name).sort()) === JSON.stringify(wanted),
      );
    }
    expect(watcher.reasons, 'readings').to.deep.equal(['initial']);
  });

  it('hold the ports that ovs-dpctl shows, also when a link or the datapath is deleted', async () => {
    run('ovs-dpctl add-dp livedp');
    run('ovs-dpctl add-dp otherdp');
    const { dpIfindex } = await last(open(ovsDatapath()).do('get', { name: 'livedp' }));
    const watcher = watch(open(ovsVport()).watch('get', { dpIfindex }));
    await watcher.has('being in sync');
    for (const step of [
      'ovs-dpctl add-if livedp lp0',
      'ovs-dpctl add-if livedp lp1,port_no=9',
      'ovs-dpctl add-if otherdp lp2',
      'ovs-dpctl del-if livedp lp0',
      'ovs-dpctl add-if livedp lp0',
      'ovs-dpctl add-if livedp inner,type=internal',
      'ip link del lp1',
      'ovs-dpctl del-if livedp inner',
      'ovs-dpctl del-dp livedp',
    ]) {
      run(step);
      let wanted: string[] = [];
      await watcher.has(`ports after ${step}`, (rows) => {
        wanted = shownDatapaths().get('livedp') ?? [];
        const held = rows.map(({ portNo, name }) => `${String(portNo)} ${String(name)}`).sort();
        return JSON.stringify(held) === JSON.stringify(wanted);
      });
    }
  });
});
