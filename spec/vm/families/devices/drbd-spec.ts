import { expect } from 'chai';
import { filter, firstValueFrom } from 'rxjs';
import { drbd, type DrbdFamily } from '../../../../lib/families/drbd.js';
import type { FamilyClient } from '../../../../lib/index.js';
import { requirePrograms, spawnSync } from '../../../support/programs.js';
import { until } from '../../../support/sockets.js';
import { last, modules, run } from '../../support.js';

const [RESOURCE, MINOR] = ['vmres', 7];
/** The number of success in replies (NO_ERROR of linux/drbd.h). */
const SUCCESS = 101;
/** ERR_RES_NOT_KNOWN of linux/drbd.h. */
const RESOURCE_UNKNOWN = 158;
const NO_MINOR = 0xffff_ffff;

describe('drbd on the wide kernel', function () {
  this.timeout(60_000);
  let client: FamilyClient<DrbdFamily>;
  const cfgContext = { ctxResourceName: RESOURCE };

  before(() => {
    requirePrograms('drbdsetup');
    modules('drbd');
    client = drbd();
  });
  after(() => {
    spawnSync('drbdsetup', ['down', RESOURCE]);
    client?.close();
  });

  it('creates a resource and a device, which drbdsetup shows, and emits them', async () => {
    const created = firstValueFrom(client.notifications('events').pipe(filter((event) => event.op === 'device-state')));
    await until('the membership', () => client.socket.eventSibling.isOpen && client.socket.eventSibling.memberships().length === 2);
    const resource = await last(client.do('adm-new-resource', { minor: NO_MINOR, cfgContext, flags: 0 }));
    expect(resource.flags).to.equal(SUCCESS);
    const device = await last(client.do('adm-new-minor', { minor: MINOR, cfgContext: { ...cfgContext, ctxVolume: 0 } }));
    expect(device.flags).to.equal(SUCCESS);
    expect(run('drbdsetup show')).to.match(/resource "?vmres"?/);
    expect(run('drbdsetup status')).to.match(/^vmres role:Secondary/m);
    const { value } = await created;
    expect(value).to.deep.include({ minor: MINOR, cfgContext: { ctxResourceName: RESOURCE, ctxVolume: 0 } });
    expect(value.deviceInfo).to.include({ devDiskState: 0 });
  });

  it('lists resources and devices', async () => {
    const resources = await last(client.list('adm-get-resources'));
    expect(resources.map((row) => row.cfgContext!.ctxResourceName)).to.deep.equal([RESOURCE]);
    // 2 is secondary.
    expect(resources[0]!.resourceInfo).to.deep.equal({ resRole: 2, resSusp: 0, resSuspNod: 0, resSuspFen: 0 });
    const devices = await last(client.list('adm-get-devices'));
    expect(devices.map((row) => [row.minor, row.cfgContext!.ctxVolume, row.deviceInfo!.devDiskState])).to.deep.equal([[MINOR, 0, 0]]);
    expect(await last(client.list('adm-get-connections'))).to.deep.equal([]);
    const status = await last(client.list('adm-get-status'));
    expect(status.map((row) => row.minor)).to.include(MINOR);
  });

  it('changes options of the resource', async () => {
    const reply = await last(client.do('adm-resource-opts', { minor: NO_MINOR, cfgContext, resOpts: { cpuMask: '1', onNoData: 1 } }));
    expect(reply.flags).to.equal(SUCCESS);
    const shown = run('drbdsetup show');
    expect(shown).to.match(/cpu-mask\s+"?1"?;/);
    expect(shown).to.match(/on-no-data-accessible\s+suspend-io;/);
  });

  it('deletes both', async () => {
    const context = { cfgContext: { ...cfgContext, ctxVolume: 0 } };
    expect((await last(client.do('adm-del-minor', { minor: MINOR, ...context }))).flags).to.equal(SUCCESS);
    expect((await last(client.do('adm-del-resource', { minor: NO_MINOR, cfgContext }))).flags).to.equal(SUCCESS);
    expect(await last(client.list('adm-get-resources'))).to.deep.equal([]);
    expect(run('drbdsetup show')).to.not.include(RESOURCE);
    // The kernel acknowledges, and has an error in its reply.
    const missing = await last(client.do('adm-del-resource', { minor: NO_MINOR, cfgContext }));
    expect([missing.flags, missing.cfgReply?.infoText]).to.deep.equal([RESOURCE_UNKNOWN, 'unknown resource']);
  });
});
