import { jetstream } from '@nats-io/jetstream';
import { expect } from 'chai';
import { fleet } from '../../../lib/fleet/index.js';
import { encodeBeat } from '../../../lib/fleet/log/beat.js';
import { fleetConnection } from '../../../lib/fleet/server/fleet-connection.js';
import { ensureStreams } from '../../../lib/fleet/server/streams.js';
import { BEAT, FleetKit } from './fleet-kit.js';
import { Proxy } from './proxy.js';

interface Silent {
  readonly reason: string;
  readonly since: number;
}

describe('the reason of a silent host', function () {
  this.timeout(60_000);
  let kit: FleetKit;
  afterEach(() => kit?.delete());

  const start = async () => {
    kit = await FleetKit.create();
    const connection = await kit.connect();
    await ensureStreams(fleetConnection(connection), 0, BEAT);
    const client = jetstream(connection);
    const beat = (ended: boolean, interval = BEAT): Promise<unknown> =>
      client.publish('rxf.alive.a', encodeBeat({ epoch: '1-a', start: 1, interval, tables: {}, ended }));
    await beat(false);
    await client.publish(
      'rxf.state.0.a.rt-link.getlink.0',
      JSON.stringify({ v: 1, prev: 0, of: 1, set: [['x', { ifname: 'x' }]], del: [] }),
    );
    return { connection, beat };
  };
  const silences = (values: readonly { readonly type: string }[]): readonly Silent[] =>
    values.filter(({ type }) => type === 'silent') as unknown as readonly Silent[];

  it('is emitted again when the agent ends after its beats were missing', async () => {
    const { connection, beat } = await start();
    const reader = fleet(connection, { beat: BEAT });
    const both = [kit.record(reader.hosts()), kit.record(reader.watch('rt-link', 'getlink'))] as const;
    for (const recorded of both) await recorded.find((change) => change.type === 'silent' && change.reason === 'beats');
    await beat(true);
    for (const recorded of both) {
      await recorded.find((change) => change.type === 'silent' && change.reason === 'ended');
      const [first, second, ...others] = silences(recorded.values);
      expect([first!.reason, second!.reason, others]).to.deep.equal(['beats', 'ended', []]);
      expect(second!.since).to.equal(first!.since);
      expect(recorded.values.filter(({ type }) => type === 'back')).to.deep.equal([]);
    }
  });

  it('becomes that of the host after the reader has connected again', async () => {
    const { connection, beat } = await start();
    const proxy = new Proxy(kit.server.port);
    const reading = await kit.connect({ servers: `127.0.0.1:${String(await proxy.listen())}` });
    await beat(false, 3 * BEAT);
    const hosts = kit.record(fleet(reading, { beat: BEAT }).hosts());
    await hosts.find(({ type }) => type === 'added');
    proxy.cut();
    await hosts.find((change) => change.type === 'silent' && change.reason === 'disconnected');
    await proxy.listen();
    await hosts.find((change) => change.type === 'silent' && change.reason === 'beats');
    expect(silences(hosts.values).map(({ reason }) => reason)).to.deep.equal(['disconnected', 'beats']);
    expect(connection.isClosed()).to.equal(false);
  });
});
