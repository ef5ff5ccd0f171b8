import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { filter, firstValueFrom } from 'rxjs';
import { mac802154Hwsim } from '../../../../lib/families/mac802154_hwsim.js';
import { nl802154, type Nl802154Family } from '../../../../lib/families/nl802154.js';
import type { FamilyClient, KernelError } from '../../../../lib/index.js';
import { requirePrograms } from '../../../support/programs.js';
import { until } from '../../../support/sockets.js';
import { last, modules, run } from '../../support.js';

describe('nl802154 on the wide kernel', function () {
  this.timeout(60_000);
  let client: FamilyClient<Nl802154Family>;
  let radio: number;
  let wpanPhy: number;
  let ifindex: number;

  /** Returns the value of a line of iwpan. */
  const shown = (text: string, label: string): string | undefined => new RegExp(`^\\s*${label}:? (.*)$`, 'm').exec(text)?.[1];

  before(async () => {
    requirePrograms('iwpan');
    modules('mac802154_hwsim');
    client = nl802154();
    const known = new Set((await last(client.list('get-wpan-phy'))).map((row) => row.wpanPhy));
    using simulated = mac802154Hwsim();
    radio = (await last(simulated.do('new-radio'))).radioId!;
    wpanPhy = (await last(client.list('get-wpan-phy'))).map((row) => row.wpanPhy!).find((each) => !known.has(each))!;
    ifindex = (await last(client.list('get-interface'))).find((row) => row.wpanPhy === wpanPhy)!.ifindex!;
  });
  after(async () => {
    using simulated = mac802154Hwsim();
    await last(simulated.do('del-radio', { radioId: radio }));
    client?.close();
  });

  it('reads a radio as iwpan does', async () => {
    const row = await last(client.do('get-wpan-phy', { wpanPhy }));
    expect(row.wpanPhyName).to.equal(readFileSync(`/sys/class/ieee802154/phy${String(wpanPhy)}/name`, 'utf8').trim());
    const text = run(`iwpan phy phy${String(wpanPhy)} info`);
    expect([String(row.page), String(row.channel)]).to.deep.equal([
      shown(text, 'current_page'),
      shown(text, 'current_channel')?.split(',')[0],
    ]);
    // Page 0 has the channels 11 to 26 of 2.4 GHz, and 0 to 10.
    expect(row.channelsSupported!.supportedChannel![0]).to.equal(0x7ff_ffff);
    expect(row.channelsSupported!.supportedChannel).to.have.length(32);
    const caps = row.wpanPhyCaps!;
    expect(text).to.include(`min_be: ${String(caps.minMinbe)}`);
    expect((row.supportedCommands ?? []).length).to.be.at.least(5);
  });

  it('writes settings of an interface, which iwpan shows', async () => {
    const name = (await last(client.do('get-interface', { ifindex }))).ifname!;
    run(`ip link set ${name} down`);
    await last(client.do('set-pan-id', { ifindex, panId: 0xbeef }));
    await last(client.do('set-short-addr', { ifindex, shortAddr: 0x1234 }));
    const caps = (await last(client.do('get-wpan-phy', { wpanPhy }))).wpanPhyCaps!;
    const [minBe, maxBe] = [caps.maxMinbe!, caps.maxMaxbe!];
    const [maxCsmaBackoffs, maxFrameRetries] = [caps.maxCsmaBackoffs!, caps.maxFrameRetries!];
    await last(client.do('set-backoff-exponent', { ifindex, minBe, maxBe }));
    await last(client.do('set-max-csma-backoffs', { ifindex, maxCsmaBackoffs }));
    await last(client.do('set-max-frame-retries', { ifindex, maxFrameRetries }));
    await last(client.do('set-ackreq-default', { ifindex, ackreqDefault: 1 }));
    await last(client.do('set-channel', { wpanPhy, page: 0, channel: 15 }));
    const text = run(`iwpan dev ${name} info`);
    const row = await last(client.do('get-interface', { ifindex }));
    expect(row).to.deep.include({
      panId: 0xbeef,
      shortAddr: 0x1234,
      minBe,
      maxBe,
      maxCsmaBackoffs,
      maxFrameRetries,
      iftype: 'node',
    });
    expect([shown(text, 'pan_id'), shown(text, 'short_addr')]).to.deep.equal(['0xbeef', '0x1234']);
    expect(shown(text, 'extended_addr')).to.equal(`0x${row.extendedAddr!.toString(16).padStart(16, '0')}`);
    expect([shown(text, 'min_be'), shown(text, 'max_be')]).to.deep.equal([String(minBe), String(maxBe)]);
    expect(run(`iwpan phy phy${String(wpanPhy)} info`)).to.match(/current_channel: 15/);
  });

  it('creates and deletes an interface', async () => {
    await last(client.do('new-interface', { wpanPhy, ifname: 'vmcoord0', iftype: 'coord', extendedAddr: 0xa2b2c3d4e5f60718n }));
    const row = (await last(client.list('get-interface'))).find(({ ifname }) => ifname === 'vmcoord0')!;
    expect(row).to.deep.include({ iftype: 'coord', wpanPhy });
    expect(run('iwpan dev')).to.include('vmcoord0');
    expect(run('ip link show vmcoord0')).to.include('a2:b2:c3:d4:e5:f6:07:18');
    await last(client.do('del-interface', { ifindex: row.ifindex! }));
    expect(run('iwpan dev')).to.not.include('vmcoord0');
    const error = (await last(client.do('get-interface', { ifindex: row.ifindex! })).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.match(new RegExp(`^ENODEV get-interface: interface ${String(row.ifindex)}`));
  });

  it('scans, and emits the end of the scan', async () => {
    const { ifname } = await last(client.do('get-interface', { ifindex }));
    run(`ip link set ${ifname!} up`);
    const done = firstValueFrom(client.notifications('scan').pipe(filter(({ op }) => op === 'scan-done')));
    await until('the membership', () => client.socket.eventSibling.isOpen && client.socket.eventSibling.memberships().length === 2);
    await last(client.do('trigger-scan', { ifindex, scanType: 'passive', page: 0, scanChannels: 1 << 11, scanDuration: 1 }));
    expect((await done).value).to.deep.include({ wpanPhy, ifindex, scanDoneReason: 'finished' });
    expect(await last(client.list('list-associations', { ifindex }))).to.deep.equal([]);
  });
});
