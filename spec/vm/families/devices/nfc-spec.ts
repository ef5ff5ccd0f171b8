import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { firstValueFrom, take, toArray } from 'rxjs';
import { nfc, Protocols, type NfcFamily } from '../../../../lib/families/nfc.js';
import type { FamilyClient, KernelError } from '../../../../lib/index.js';
import { until } from '../../../support/sockets.js';
import { last, modules } from '../../support.js';

describe('nfc on the wide kernel', function () {
  this.timeout(60_000);
  let client: FamilyClient<NfcFamily>;
  let one: number;
  let two: number;
  let events: string[];

  before(async () => {
    modules('nfc');
    client = nfc();
    const added = firstValueFrom(client.notifications('events').pipe(take(2), toArray()));
    await until('the membership', () => client.socket.eventSibling.isOpen && client.socket.eventSibling.memberships().length === 2);
    // Two devices that receive from each other.
    modules('nfcsim');
    events = (await added).map(({ op }) => op);
    [one, two] = (await last(client.list('get-device'))).map(({ deviceIndex }) => deviceIndex!) as [number, number];
  });
  after(() => client?.close());

  it('lists the devices of sysfs, which events have announced', async () => {
    expect(events).to.deep.equal(['device-added', 'device-added']);
    const rows = await last(client.list('get-device'));
    expect(rows.map(({ deviceName }) => deviceName)).to.have.members(readdirSync('/sys/class/nfc'));
    expect(rows).to.have.length(2);
    for (const row of rows) expect(row).to.deep.include({ protocols: Protocols.NfcDep, devicePowered: 0, rfMode: 'none' });
    expect(await last(client.do('get-device', { deviceIndex: one }))).to.deep.equal(rows.find((row) => row.deviceIndex === one));
  });

  it('switches devices on, and begins and ends the search', async () => {
    for (const deviceIndex of [one, two]) await last(client.do('dev-up', { deviceIndex }));
    expect(await last(client.do('get-device', { deviceIndex: one }))).to.include({ devicePowered: 1 });
    const search = { deviceIndex: one, imProtocols: Protocols.NfcDep };
    await last(client.do('start-poll', search));
    const error = (await last(client.do('start-poll', search)).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.match(/^EBUSY start-poll: NFC device/);
    await last(client.do('stop-poll', { deviceIndex: one }));
    expect(await last(client.list('get-target', { deviceIndex: two }))).to.deep.equal([]);
    await last(client.do('dev-down', { deviceIndex: two }));
    expect(await last(client.do('get-device', { deviceIndex: two }))).to.include({ devicePowered: 0 });
  });

  it('reads and writes the parameters of links', async () => {
    await last(client.do('llc-set-params', { deviceIndex: one, llcParamLto: 50, llcParamRw: 8, llcParamMiux: 1000 }));
    expect(await last(client.do('llc-get-params', { deviceIndex: one }))).to.deep.equal({
      ...{ deviceIndex: one, llcParamLto: 50, llcParamRw: 8, llcParamMiux: 1000 },
    });
  });

  it('names the device in errors', async () => {
    const error = (await last(client.do('dev-up', { deviceIndex: 99 })).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.match(/^ENODEV dev-up: NFC device 99/);
    expect(await last(client.list('get-se'))).to.deep.equal([]);
  });
});
