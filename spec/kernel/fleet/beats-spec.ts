import { jetstream, jetstreamManager, type StreamInfo } from '@nats-io/jetstream';
import { expect } from 'chai';
import { fleet } from '../../../lib/fleet/index.js';
import { encodeBeat } from '../../../lib/fleet/log/beat.js';
import { fleetConnection } from '../../../lib/fleet/server/fleet-connection.js';
import { isUnanswered } from '../../../lib/fleet/server/server-error.js';
import { ensureStreams } from '../../../lib/fleet/server/streams.js';
import { BEAT, FleetKit, linkNames, until } from './fleet-kit.js';

/** An account that may not make streams, and one that may. */
const USERS = `authorization { users = [
  { user: admin, password: x }
  { user: agent, password: x, permissions: { publish: { deny: "$JS.API.STREAM.CREATE.>" } } }
] }`;

describe('the beats of a fleet', function () {
  this.timeout(60_000);
  let kit: FleetKit;
  afterEach(() => kit?.delete());

  it('are kept when the server is killed', async () => {
    kit = await FleetKit.create();
    const connection = await kit.connect();
    await ensureStreams(fleetConnection(connection), 0, BEAT);
    await kit.server.stop('SIGKILL');
    await kit.server.start();
    await connection.reconnect().catch(() => undefined);
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const info = async (): Promise<StreamInfo> =>
      manager.streams.info('RXF_ALIVE').catch((error: unknown) => (isUnanswered(error) ? info() : Promise.reject(error)));
    expect((await info()).config).to.include({ storage: 'file', max_msgs_per_subject: 1 });
  });

  it('have intervals of their own', async () => {
    kit = await FleetKit.create();
    const connection = await kit.connect();
    await ensureStreams(fleetConnection(connection), 0, BEAT);
    await ensureStreams(fleetConnection(connection), 0, 3_600_000);
  });

  it('of a host that is gone are old when they are delivered again', async () => {
    kit = await FleetKit.create();
    const connection = await kit.connect();
    const reading = await kit.connect();
    await ensureStreams(fleetConnection(connection), 0, BEAT);
    const manager = await jetstreamManager(connection);
    const publish = (host: string): Promise<unknown> =>
      jetstream(connection).publish(`rxf.alive.${host}`, encodeBeat({ epoch: '1-a', start: 1, interval: BEAT, tables: {}, ended: false }));
    await publish('a');
    await publish('b');
    const hosts = kit.record(fleet(reading, { beat: BEAT, goneAfter: 100 }).hosts());
    await hosts.find(({ type, host }) => type === 'gone' && host === 'a');
    await hosts.find(({ type, host }) => type === 'gone' && host === 'b');
    // The last message that the reader knows is not there any more, so it reads the stream from its start.
    await manager.streams.purge('RXF_ALIVE', { filter: 'rxf.alive.b' });
    await reading.reconnect();
    await publish('b');
    await hosts.find(({ type, host }) => type === 'back' && host === 'b');
    await publish('b');
    expect(hosts.values.filter(({ host }) => host === 'a').map(({ type }) => type)).to.deep.equal(['added', 'silent', 'gone']);
    const later = kit.record(fleet(await kit.connect(), { beat: 60_000 }).hosts());
    expect(await later.find(({ type, host }) => type === 'silent' && host === 'a')).to.include({ reason: 'beats' });
  });

  it('wait for a stream that the agent may not make', async () => {
    kit = await FleetKit.create({ config: USERS });
    const admin = await kit.connect({ user: 'admin', pass: 'x' });
    const namespace = kit.namespace('link add br0 type bridge');
    const events = kit.agent(await kit.connect({ user: 'agent', pass: 'x' }), { host: 'a', netns: namespace.path, tables: ['links'] });
    const waiting = await events.find(({ type }) => type === 'waiting');
    expect((waiting as { readonly reason: string }).reason).to.contain('stream RXF_STATE_0 does not exist');
    await ensureStreams(fleetConnection(admin), 0, BEAT);
    await events.find((event) => event.type === 'published' && event.snapshot);
    const manager = await jetstreamManager(admin);
    await manager.streams.delete('RXF_ALIVE');
    await events.find((event) => event.type === 'waiting' && event.reason.includes('RXF_ALIVE'));
    await ensureStreams(fleetConnection(admin), 0, BEAT);
    await until(() => events.values.filter(({ type }) => type === 'connected').length === 2);
    const links = kit.links(admin);
    const synced = await links.find(({ type }) => type === 'synced');
    expect((synced as { readonly entries: readonly object[] }).entries).to.have.length(linkNames(namespace).length);
    await until(() => links.values.at(-1)?.type !== 'silent');
    expect(events.error).to.equal(undefined);
  });
});
