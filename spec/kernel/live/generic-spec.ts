import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { ethtool, type EthtoolFamily } from '../../../lib/families/ethtool.js';
import { netdev } from '../../../lib/families/netdev.js';
import { nlctrl } from '../../../lib/families/nlctrl.js';
import type { LiveChange } from '../../../lib/index.js';
import { needsFamily, needsRequest } from '../../support/features.js';
import { createNamespace, skipBecause, useNamespace } from '../../support/namespace.js';
import { useClients } from './clients.js';
import { useWatchers } from './watcher.js';

type Features = EthtoolFamily['dump']['features-get']['reply'];

interface ShownFeature {
  readonly active: boolean;
  readonly fixed: boolean | null;
  readonly requested: boolean | null;
}

/** A bitset without a mask lists the set bits; a bitset with a mask has a value for each bit. */
const on = (set: Features['active'], name: string): boolean => {
  const bit = set?.bits?.bit?.find((candidate) => candidate.name === name);
  return bit !== undefined && (set?.nomask === true || bit.value === true);
};

/** NETDEV_XDP_ACT_NDO_XMIT of uapi/linux/netdev.h: frames can be redirected to the device. A veth has it while its peer uses GRO. */
const NDO_XMIT = 4;

const propertiesOf = (changes: readonly LiveChange<object>[]): string[] => [
  ...new Set(changes.flatMap((change) => (change.type === 'changed' ? change.properties : []))),
];

describe('live collections of generic families', function () {
  this.timeout(30_000);
  const namespace = useNamespace();
  const watch = useWatchers();
  const closing = useClients();
  const open = <Client extends { close(): void }>(factory: (options: { netns: string }) => Client): Client =>
    closing(factory({ netns: namespace().path }));
  const run = (line: string) => namespace().run(...(line.split(' ') as [string, ...string[]]));
  const json = <Row>(line: string): Row[] => JSON.parse(run(line)) as Row[];
  const indexes = () => json<{ ifindex: number }>('ip -j link').map(({ ifindex }) => ifindex);

  beforeEach(() => {
    const pair = 'link add v0 numrxqueues 3 numtxqueues 2 type veth peer name v1 numrxqueues 2 numtxqueues 2';
    namespace().batch([pair, 'link set v0 up', 'link set v1 up']);
  });
  afterEach(() => {
    namespace().ip('link del v0');
  });
  /** Adds a link of a kind whose settings can be changed. */
  const addTap = (context: Mocha.Context): void => {
    try {
      namespace().ip('tuntap add mode tap name t0');
    } catch (error) {
      skipBecause(context, 'no tap device can be made', error);
    }
  };

  it('hold the features that ethtool shows, and emit a change only for changed properties', async () => {
    const watcher = watch(open(ethtool).watch('features-get'));
    await watcher.has('being in sync');
    for (const line of ['v0 tso off', 'v1 gro on', 'v0 sg off', 'v0 rx-gro-list on', 'v1 txvlan off', 'v0 sg on'])
      run(`ethtool -K ${line}`);
    for (const dev of ['v0', 'v1', 'lo']) {
      const [shown] = json<Record<string, ShownFeature | string>>(`ethtool --json -k ${dev}`);
      await watcher.has(`the features of ${dev}`, (rows) => {
        const row = rows.find(({ header }) => header?.devName === dev);
        const names = new Set(row?.hw?.bits?.bit?.map(({ name }) => name));
        // The other names are of ethtool itself; each covers several features.
        const reported = Object.entries(shown!).filter((entry): entry is [string, ShownFeature] => names.has(entry[0]));
        return (
          reported.length > 40 &&
          reported.every(([name, { active, requested }]) => active === on(row!.active, name) && requested === on(row!.wanted, name))
        );
      });
    }
    expect(propertiesOf(watcher.changes)).to.have.members(['wanted', 'active']);
  });

  it('hold the channels that ethtool shows', async function () {
    const channels = lastValueFrom(open(ethtool).do('channels-get', { header: { devName: 'v0' } }));
    await needsRequest(this, 'channels of a veth', 'EOPNOTSUPP', channels);
    const watcher = watch(open(ethtool).watch('channels-get'));
    await watcher.has('being in sync');
    for (const line of ['v0 rx 1', 'v1 tx 1', 'v0 rx 2 tx 1', 'v1 rx 1']) run(`ethtool -L ${line}`);
    for (const dev of ['v0', 'v1']) {
      const [rxMax, txMax, rxCount, txCount] = [...run(`ethtool -l ${dev}`).matchAll(/^(?:RX|TX):\s+(\d+)$/gm)].map(([, number]) =>
        Number(number),
      );
      await watcher.has(`the channels of ${dev}`, (rows) => {
        const row = rows.find(({ header }) => header?.devName === dev);
        return row?.rxMax === rxMax && row?.txMax === txMax && row?.rxCount === rxCount && row?.txCount === txCount;
      });
    }
    expect(watcher.reasons, 'readings').to.deep.equal(['initial']);
  });

  it('hold the link modes, message levels and coalescing settings that ethtool shows', async function () {
    addTap(this);
    try {
      const client = open(ethtool);
      const modes = watch(client.watch('linkmodes-get'));
      const levels = watch(client.watch('debug-get'));
      const coalescing = watch(client.watch('coalesce-get'));
      for (const watcher of [modes, levels, coalescing]) await watcher.has('being in sync');
      for (const line of ['-s t0 speed 1000 duplex half autoneg off', '-s t0 msglvl 5', '-C t0 rx-frames 9']) run(`ethtool ${line}`);
      const [shown] = json<{ speed: number; duplex: string; 'current-message-level': number }>('ethtool --json t0');
      const [frames] = json<{ 'rx-frames': number }>('ethtool --json -c t0');
      const of = <Row extends { readonly header?: { readonly devName?: string } }>(rows: readonly Row[]) =>
        rows.find(({ header }) => header?.devName === 't0');
      await modes.has(
        'its speed',
        (rows) => of(rows)?.speed === shown!.speed && ['Half', 'Full'][of(rows)?.duplex ?? -1] === shown!.duplex,
      );
      await levels.has('its level', (rows) => {
        const bits = of(rows)?.msgmask?.bits?.bit ?? [];
        return bits.reduce((sum, { index = 0 }) => sum + 2 ** index, 0) === shown!['current-message-level'];
      });
      await coalescing.has('its frames', (rows) => of(rows)?.rxMaxFrames === frames!['rx-frames']);
      expect(frames!['rx-frames']).to.equal(9);
      expect(shown!['current-message-level']).to.equal(5);
      expect(propertiesOf(modes.changes)).to.have.members(['speed', 'duplex']);
      expect(propertiesOf(levels.changes)).to.deep.equal(['msgmask']);
    } finally {
      namespace().ip('link del t0');
    }
  });

  it('add, remove and move network devices with their links, and follow their features', async function () {
    await needsFamily(this, 'netdev', namespace().path);
    const watcher = watch(open(netdev).watch('dev-get'));
    const agree = (after: string) => {
      const wanted = indexes().sort();
      return watcher.has(
        `the links after ${after}`,
        (rows) => JSON.stringify(rows.map(({ ifindex }) => ifindex).sort()) === JSON.stringify(wanted),
      );
    };
    const [{ ifindex: own }] = json<{ ifindex: number }>('ip -j link show v1') as [{ ifindex: number }];
    await agree('the beginning');
    namespace().batch(['link add br0 type bridge', 'link add w0 type veth peer name w1', 'link set w0 master br0']);
    await agree('two kinds');
    const other = createNamespace();
    try {
      namespace().ip(`link set w1 netns ${other.path}`);
      await agree('one has moved away');
      other.ip(`link set w1 name w7 netns ${namespace().path}`);
      await agree('it has come back');
    } finally {
      other.delete();
    }
    namespace().batch(['link del br0', 'link del w0']);
    await agree('they are deleted');
    for (const state of ['on', 'off']) {
      run(`ethtool -K v0 gro ${state}`);
      const [shown] = json<{ 'generic-receive-offload': ShownFeature }>('ethtool --json -k v0');
      expect(shown!['generic-receive-offload'].active).to.equal(state === 'on');
      await watcher.has(`the XDP features of the peer with GRO ${state}`, (rows) => {
        const features = Number(rows.find(({ ifindex }) => ifindex === own)?.xdpFeatures);
        return ((features & NDO_XMIT) !== 0) === (state === 'on');
      });
    }
    expect(watcher.reasons, 'readings').to.deep.equal(['initial']);
  });

  it('hold the generic families that genl lists', async () => {
    const watcher = watch(open(nlctrl).watch('getfamily'));
    const families = await watcher.has('being in sync');
    const shown = [...run('genl ctrl list').matchAll(/^Name: (\S+)\n\s+ID: (0x[0-9a-f]+)/gm)].map(([, name, id]) => [name, Number(id)]);
    expect(families.map(({ familyName, familyId }) => [familyName, familyId])).to.have.deep.members(shown);
    expect(families.length).to.be.above(4);
  });
});
