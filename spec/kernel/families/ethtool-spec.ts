import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { ethtool, type EthtoolFamily } from '../../../lib/families/ethtool.js';
import { type KernelError, type FamilyClient } from '../../../lib/index.js';
import { needsRequest } from '../../support/features.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { compareFields, type Fields, type Shown } from '../../families/compare/fields.js';
import { json } from './names.js';

type Features = EthtoolFamily['do']['features-get']['reply'];
type LinkModes = EthtoolFamily['do']['linkmodes-get']['reply'];

const header = { header: { devName: 'v0' } };
/** A bitset without a mask lists the set bits; a bitset with a mask has a value for each bit. */
const on = (set: Features['active'], name: string) => {
  const bit = set?.bits?.bit?.find((candidate) => candidate.name === name);
  return bit !== undefined && (set?.nomask === true || bit.value === true);
};

describe('ethtool', () => {
  const namespace = useNamespace();
  let client: FamilyClient<EthtoolFamily>;

  before(() => {
    namespace().batch(['link add v0 numrxqueues 3 numtxqueues 2 type veth peer name v1 numrxqueues 2', 'link set v0 up', 'link set v1 up']);
    client = ethtool({ netns: namespace().path });
    client.socket.connect();
  });
  after(() => {
    client.close();
  });
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.fail('it succeeded'),
      (error: unknown) => error as KernelError,
    );

  const needsChannels = (context: Mocha.Context) =>
    needsRequest(context, 'channels of a veth', 'EOPNOTSUPP', lastValueFrom(client.do('channels-get', header)));

  it('reads link settings as ethtool --json shows them', async () => {
    const [modes, info, state] = await Promise.all([
      lastValueFrom(client.do('linkmodes-get', header)),
      lastValueFrom(client.do('linkinfo-get', header)),
      lastValueFrom(client.do('linkstate-get', header)),
    ]);
    const named = (bits: LinkModes['ours'], mask: boolean) =>
      (bits?.bits?.bit ?? []).filter(({ value }) => mask || value === true).map(({ name }) => name);
    const fields: Fields<LinkModes> = {
      ifname: ({ header: device }) => device?.devName,
      'supported-ports': () => [],
      'supported-link-modes': ({ ours }) => named(ours, true),
      'advertised-link-modes': ({ ours }) => named(ours, false),
      'supported-pause-frame-use': ({ ours }) => (named(ours, true).includes('Pause') ? 'Symmetric' : 'No'),
      'advertised-pause-frame-use': ({ ours }) => (named(ours, false).includes('Pause') ? 'Symmetric' : 'No'),
      'supports-auto-negotiation': ({ ours }) => named(ours, true).includes('Autoneg'),
      'advertised-auto-negotiation': ({ ours }) => named(ours, false).includes('Autoneg'),
      'supported-fec-modes': () => [],
      'advertised-fec-modes': () => [],
      'auto-negotiation': ({ autoneg }) => autoneg === 1,
      speed: ({ speed }) => speed,
      duplex: ({ duplex }) => ['Half', 'Full'][duplex ?? -1],
      // PORT_TP, XCVR_INTERNAL of uapi/linux/ethtool.h
      port: () => ({ 0: 'Twisted Pair' })[info.port ?? -1],
      phyad: () => info.phyaddr,
      transceiver: () => ['internal', 'external'][info.transceiver ?? -1],
      'link-detected': () => state.link === 1,
    };
    compareFields('v0', json<Shown>(namespace(), 'ethtool --json v0')[0]!, modes, fields);
  });

  it('reads features as ethtool --json -k shows them', async () => {
    const features = await lastValueFrom(client.do('features-get', header));
    const [shown] = json<Record<string, { active: boolean; fixed: boolean | null; requested: boolean | null } | string>>(
      namespace(),
      'ethtool --json -k v0',
    );
    const names = new Set((features.hw?.bits?.bit ?? []).map(({ name }) => name));
    let count = 0;
    for (const [name, state] of Object.entries(shown!)) {
      // The other names are of ethtool itself; each covers several features.
      if (typeof state === 'string' || !names.has(name)) continue;
      const read = {
        active: on(features.active, name),
        fixed: !on(features.hw, name) || on(features.nochange, name),
        requested: on(features.wanted, name),
      };
      expect(read, name).to.deep.equal(state);
      count++;
    }
    expect(count).to.be.above(40);
  });

  it('writes features, receives the notification, and ethtool reads them back', async () => {
    const received = firstValueFrom(client.notifications('monitor'));
    const wanted = {
      bits: {
        bit: [
          { name: 'tx-tcp-segmentation', value: false },
          { name: 'rx-gro', value: true },
        ],
      },
    };
    await lastValueFrom(client.do('features-set', { ...header, wanted }));
    const [shown] = json<Record<string, Shown>>(namespace(), 'ethtool --json -k v0');
    expect(shown!['tx-tcp-segmentation']).to.deep.equal({ active: false, fixed: false, requested: false });
    const { op, value } = await received;
    expect(op).to.equal('features-ntf');
    expect(value).to.have.property('active');
    expect(on((value as Features).active, 'tx-tcp-segmentation')).to.equal(false);
  });

  it('reads and writes channels as ethtool shows them, and dumps those of both links', async function () {
    await needsChannels(this);
    const shown = () => {
      const numbers = [
        ...namespace()
          .run('ethtool', '-l', 'v0')
          .matchAll(/^(RX|TX):\s+(\d+)$/gm),
      ].map(([, , number]) => Number(number));
      const [rxMax, txMax, rxCount, txCount] = numbers;
      return { rxMax, txMax, rxCount, txCount };
    };
    expect(await lastValueFrom(client.do('channels-get', header))).to.deep.include(shown());
    await lastValueFrom(client.do('channels-set', { ...header, rxCount: 2, txCount: 1 }));
    expect(shown()).to.deep.equal({ rxMax: 3, txMax: 2, rxCount: 2, txCount: 1 });
    const rows = await lastValueFrom(client.list('channels-get'));
    expect(rows.map(({ header: device, rxMax }) => [device?.devName, rxMax])).to.have.deep.members([
      ['v0', 3],
      ['v1', 2],
    ]);
  });

  it('receives a notification for each change that ethtool makes', async function () {
    await needsChannels(this);
    const received = firstValueFrom(client.notifications('monitor').pipe(take(2), toArray()));
    // The client resolves both group names before it receives notifications.
    await new Promise((resolve) => setTimeout(resolve, 100));
    namespace().run('ethtool', '-L', 'v0', 'rx', '1');
    namespace().run('ethtool', '-K', 'v0', 'gro', 'off');
    const announced = await received;
    expect(announced.map(({ op, value }) => [op, value.header?.devName])).to.deep.equal([
      ['channels-ntf', 'v0'],
      ['features-ntf', 'v0'],
    ]);
    expect(announced[0]!.value).to.include({ rxCount: 1, rxMax: 3 });
  });

  it('reads a complete set of strings', async () => {
    const reply = await lastValueFrom(client.do('strset-get', { ...header, stringsets: { stringset: [{ id: 4 }] } }));
    const [set] = reply.stringsets?.stringset ?? [];
    expect(set?.count).to.be.above(50);
    expect(set?.strings?.[0]?.string?.map(({ value }) => value) ?? []).to.have.length(set!.count!);
  });

  it('names the wrong attribute in an error', async function () {
    await needsChannels(this);
    expect(await failure(lastValueFrom(client.do('channels-set', { ...header, rxCount: 10 })))).to.include({
      code: 'EINVAL',
      message: "EINVAL channels-set: interface 'v0': .rxCount requested channel count exceeds maximum",
    });
    expect((await failure(lastValueFrom(client.do('rings-get', { header: { devName: 'nope' } })))).extendedAck).to.include({
      attributePath: '.header.devName',
    });
  });

  it('names the missing attribute in an error', async function () {
    const error = await failure(lastValueFrom(client.do('rings-get', {})));
    if (error.message.endsWith('request header missing')) skipBecause(this, 'ethtool of this kernel does not name a missing attribute');
    expect(error.message).to.equal('EINVAL rings-get (missing .header)');
  });
});
