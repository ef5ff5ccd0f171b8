import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ovsCtLimit } from '../../../../lib/families/ovs_ct_limit.js';
import { ovsDatapath } from '../../../../lib/families/ovs_datapath.js';
import { ovsMeter } from '../../../../lib/families/ovs_meter.js';
import type { KernelError } from '../../../../lib/index.js';
import { requirePrograms } from '../../../support/programs.js';
import { last, modules, run } from '../../support.js';

describe('limits of Open vSwitch on the wide kernel', () => {
  before(() => {
    requirePrograms('ovs-dpctl', 'ovs-ofctl', 'ovs-vsctl');
    modules('openvswitch');
  });

  it('writes and deletes limits of connections, as ovs-dpctl shows them', async () => {
    run('ovs-dpctl add-dp vmlimit');
    using datapaths = ovsDatapath();
    using client = ovsCtLimit();
    try {
      const { dpIfindex } = await last(datapaths.do('get', { name: 'vmlimit' }));
      const limits = [
        { zoneId: -1, limit: 9 },
        { zoneId: 3, limit: 7 },
      ];
      await last(client.do('set', { dpIfindex, zoneLimit: limits }));
      const shown = (): string[] => run('ovs-dpctl ct-get-limits').trim().split('\n');
      expect(shown()).to.deep.equal(['default limit=9', 'zone=3,limit=7,count=0']);
      run('ovs-dpctl ct-set-limits zone=4,limit=12');
      const row = (zoneId: number, limit: number) => ({ zoneId, limit, count: 0 });
      const { zoneLimit } = await last(client.do('get', { dpIfindex }));
      expect(zoneLimit).to.deep.equal([row(-1, 9), row(3, 7), row(4, 12)]);
      expect(await last(client.do('get', { dpIfindex, zoneLimit: [{ zoneId: 4 }] }))).to.deep.equal({ dpIfindex, zoneLimit: [row(4, 12)] });
      await last(client.do('del', { dpIfindex, zoneLimit: [{ zoneId: 3 }] }));
      expect(shown()).to.deep.equal(['default limit=9', 'zone=4,limit=12,count=0']);
    } finally {
      run('ovs-dpctl del-dp vmlimit');
    }
  });

  it('reads the meters of ovs-vswitchd, and writes, reads and deletes one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vm-ovs-'));
    const socket = `unix:${folder}/db.sock`;
    const detached = (name: string): string =>
      `--detach --no-chdir --pidfile=${folder}/${name}.pid --log-file=/dev/null --unixctl=${folder}/${name}.ctl`;
    run('mkdir -p /var/run/openvswitch');
    run(`ovsdb-tool create ${folder}/db /usr/share/openvswitch/vswitch.ovsschema`);
    run(`ovsdb-server ${folder}/db --remote=p${socket} ${detached('db')}`);
    run(`ovs-vsctl --db=${socket} --no-wait init`);
    run(`ovs-vswitchd ${socket} ${detached('switch')}`);
    using datapaths = ovsDatapath();
    using client = ovsMeter();
    try {
      run(`ovs-vsctl --db=${socket} add-br vmmeter -- set bridge vmmeter protocols=OpenFlow13`);
      const bridge = '/var/run/openvswitch/vmmeter.mgmt';
      run(`ovs-ofctl -O OpenFlow13 add-meter ${bridge} meter=5,kbps,burst,stats,bands=type=drop,rate=1000,burst_size=100`);
      const { dpIfindex } = (await last(datapaths.list('get')))[0]!;
      const { maxMeters, maxBands, bands } = await last(client.do('features', { dpIfindex }));
      expect(run(`ovs-ofctl -O OpenFlow13 meter-features ${bridge}`)).to.include(
        `max_meter:${String(maxMeters)} max_bands:${String(maxBands)}`,
      );
      expect(bands).to.deep.equal({ band: [{ type: 'drop' }] });
      const stats = { nPackets: 0n, nBytes: 0n };
      const row = (id: number) => ({ dpIfindex, id, stats, bands: { band: [{ stats }] } });
      // The switch numbers its meters from 0.
      const { used, ...first } = await last(client.do('get', { dpIfindex, id: 0 }));
      expect(first).to.deep.equal(row(0));
      expect(Number(used)).to.be.greaterThan(0);
      await last(client.do('set', { dpIfindex, id: 77, kbps: true, bands: { band: [{ type: 'drop', rate: 2000, burst: 500 }] } }));
      expect(await last(client.do('get', { dpIfindex, id: 77 }))).to.deep.include(row(77));
      await last(client.do('del', { dpIfindex, id: 77 }));
      const error = (await last(client.do('get', { dpIfindex, id: 77 })).catch((reason: unknown) => reason)) as KernelError;
      expect(error.message).to.match(/^ENOENT get: meter 77/);
      run(`ovs-ofctl -O OpenFlow13 del-meters ${bridge}`);
      const gone = (await last(client.do('get', { dpIfindex, id: 0 })).catch((reason: unknown) => reason)) as KernelError;
      expect(gone.code).to.equal('ENOENT');
    } finally {
      run(`ovs-vsctl --db=${socket} --if-exists del-br vmmeter`);
      run(`ovs-appctl -t ${folder}/switch.ctl exit --cleanup`);
      run(`ovs-appctl -t ${folder}/db.ctl exit`);
    }
  });
});
