import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { filter, firstValueFrom, take, toArray } from 'rxjs';
import { mac80211Hwsim } from '../../../../lib/families/mac80211_hwsim.js';
import { mac802154Hwsim } from '../../../../lib/families/mac802154_hwsim.js';
import type { KernelError } from '../../../../lib/index.js';
import { requirePrograms, spawn } from '../../../support/programs.js';
import { until } from '../../../support/sockets.js';
import { last, modules, run } from '../../support.js';

describe('mac80211Hwsim on the wide kernel', () => {
  const radios = (): string[] => [...run('iw phy').matchAll(/^Wiphy (\S+)/gm)].map(([, name]) => name!);

  before(() => {
    requirePrograms('iw');
    // Another spec may have loaded the module with radios.
    modules('mac80211_hwsim');
  });

  it('creates, reads and deletes a radio that iw lists', async () => {
    using client = mac80211Hwsim();
    const events = firstValueFrom(client.notifications('config').pipe(take(2), toArray()));
    // The socket joins the group of the controller, looks up the number of `config`, and joins that one.
    const { eventSibling } = client.socket;
    await until('the membership', () => eventSibling.isOpen && eventSibling.memberships().length === 2);
    const before = radios();
    const { radioId } = await last(
      client.do('new-radio', { radioName: 'vmradio', useChanctx: true, channels: 2, regHintAlpha2: 'DE', noVif: true }),
    );
    expect(radios()).to.have.members([...before, 'vmradio']);
    const rows = await last(client.list('get-radio'));
    expect(rows.map(({ radioName }) => radioName)).to.have.members(radios());
    const row = rows.find(({ radioName }) => radioName === 'vmradio')!;
    expect(row).to.deep.include({ radioId, channels: 2, useChanctx: true, radioName: 'vmradio' });
    expect(await last(client.do('get-radio', { radioId: radioId! }))).to.deep.equal(row);
    await last(client.do('del-radio', { radioName: 'vmradio' }));
    expect(radios()).to.have.members(before);
    expect((await events).map(({ op, value }) => [op, value.radioId, value.radioName])).to.deep.equal([
      ['new-radio-ntf', radioId, 'vmradio'],
      ['del-radio-ntf', radioId, 'vmradio'],
    ]);
    const error = (await last(client.do('del-radio', { radioName: 'vmradio' })).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.match(/^ENODEV del-radio: simulated radio 'vmradio'/);
  });

  it('emits the frames that a radio sends, and deletes the radio with its socket', async () => {
    using client = mac80211Hwsim();
    const address = '42:00:00:00:77:00';
    await last(client.do('new-radio', { radioName: 'vmsender', permAddr: address, destroyRadioOnClose: true }));
    const name = (JSON.parse(run('ip -j link')) as { ifname: string; address?: string }[]).find((link) => link.address === address)!.ifname;
    const sender = (frame: Uint8Array): string => Buffer.from(frame.subarray(10, 16)).toString('hex');
    const own = address.replaceAll(':', '');
    // Other specs may have radios that send beacons.
    const frames = firstValueFrom(client.events('sent-frame').pipe(filter(({ frame }) => frame !== undefined && sender(frame) === own)));
    await last(client.do('register'));
    run(`ip link set ${name} up`);
    const scan = spawn('iw', ['dev', name, 'scan'], { stdio: 'ignore' });
    const { addrTransmitter, frame, freq, txInfo, flags } = await frames;
    scan.kill();
    // A probe request, to all: its type, the sender, the interface's frequency.
    expect(addrTransmitter).to.match(/^42:/);
    expect(frame![0]).to.equal(0x40);
    expect(Buffer.from(frame!.subarray(4, 10)).toString('hex')).to.equal('ffffffffffff');
    expect(freq).to.be.within(2412, 7200);
    expect(txInfo).to.have.length(4);
    expect(flags).to.be.a('number');
    client.close();
    await until('the end of the radio', () => !radios().includes('vmsender'), 10_000);
  });
});

describe('mac802154Hwsim on the wide kernel', () => {
  const radios = (): string[] => readdirSync('/sys/class/ieee802154');

  before(() => {
    modules('mac802154_hwsim');
  });

  it('creates radios, which sysfs lists, connects them, and deletes them', async () => {
    using client = mac802154Hwsim();
    const known = (await last(client.list('get-radio'))).map(({ radioId }) => radioId!);
    const phys = radios();
    const radioId = (await last(client.do('new-radio'))).radioId!;
    expect(radios()).to.have.length(phys.length + 1);
    expect((await last(client.list('get-radio'))).map((row) => row.radioId)).to.have.members([...known, radioId]);
    const endpointId = known[0]!;
    const edges = async (): Promise<unknown> => (await last(client.do('get-radio', { radioId }))).radioEdges?.radioEdge;
    await last(client.do('new-edge', { radioId, radioEdge: { endpointId } }));
    expect(await edges()).to.deep.equal([{ endpointId, lqi: 255 }]);
    await last(client.do('set-edge', { radioId, radioEdge: { endpointId, lqi: 60 } }));
    expect(await edges()).to.deep.equal([{ endpointId, lqi: 60 }]);
    await last(client.do('del-edge', { radioId, radioEdge: { endpointId } }));
    expect(await edges()).to.equal(undefined);
    await last(client.do('del-radio', { radioId }));
    expect(radios()).to.deep.equal(phys);
    const error = (await last(client.do('get-radio', { radioId })).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.match(/get-radio: simulated radio \d+/);
  });
});
