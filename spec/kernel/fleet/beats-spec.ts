import { AckPolicy, jetstream, jetstreamManager, type StreamInfo } from '@nats-io/jetstream';
import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { fleet } from '../../../lib/fleet/index.js';
import { decodeBeat, encodeBeat } from '../../../lib/fleet/log/beat.js';
import { fleetConnection } from '../../../lib/fleet/server/fleet-connection.js';
import { isUnanswered } from '../../../lib/fleet/server/server-error.js';
import { ensureStreams } from '../../../lib/fleet/server/streams.js';
import { PATIENCE } from '../../support/patience.js';
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

  it('are not those that a reader has delivered at their subject', async () => {
    kit = await FleetKit.create();
    const connection = await kit.connect();
    const namespace = kit.namespace('link add br0 type bridge');
    const events = kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['links'] });
    await events.find(({ type }) => type === 'published');
    const forged = encodeBeat({ epoch: 'zzzzzzzz-a', start: 1e14, interval: BEAT, tables: {}, ended: false });
    await jetstream(connection).publish('rxf.state.0.x.rt-link.getlink.0', forged);
    const { consumers, streams } = await jetstreamManager(connection);
    const stored = async () => Object.keys((await streams.info('RXF_ALIVE', { subjects_filter: '>' })).state.subjects ?? {});
    const deliver = async (): Promise<() => Promise<number>> => {
      const { name } = await consumers.add('RXF_STATE_0', {
        deliver_subject: 'rxf.alive.a',
        ack_policy: AckPolicy.None,
        filter_subject: 'rxf.state.0.x.>',
      });
      return async () => (await consumers.info('RXF_STATE_0', name)).delivered.consumer_seq;
    };
    // The server counts a subscription by exactly this name only.
    for (const subject of ['rxf.alive.*', 'rxf.>']) {
      connection.subscribe(subject, { callback: () => undefined });
      const delivered = await deliver();
      await delay(5 * BEAT * PATIENCE);
      expect(await delivered(), subject).to.equal(0);
      expect(await stored(), subject).to.deep.equal(['rxf.alive.a']);
    }
    // This is why agents do not subscribe to their beats, and no user of docs/fleet may.
    connection.subscribe('rxf.alive.a', { callback: () => undefined });
    const delivered = await deliver();
    await delay(5 * BEAT * PATIENCE);
    expect(await delivered()).to.equal(1);
    expect(await stored()).to.have.members(['rxf.alive.a', 'rxf.state.0.x.rt-link.getlink.0']);
    expect(events.error).to.equal(undefined);
  });

  it('are those of the agent that started later, also after it has ended', async () => {
    kit = await FleetKit.create();
    const namespace = kit.namespace('link add br0 type bridge');
    const options = { host: 'a', netns: namespace.path, tables: ['links'] };
    const first = kit.agent(await kit.connect(), { ...options, beat: 500 });
    await first.find(({ type }) => type === 'published');
    const started = Date.now();
    const second = kit.agent(await kit.connect(), options);
    await second.find(({ type }) => type === 'published');
    second.stop();
    expect(await first.fails()).to.include({ reason: 'replaced' });
    expect(Date.now() - started).to.be.below(5000 * PATIENCE);
  });

  it('of an earlier run do not end a later one', async () => {
    kit = await FleetKit.create();
    const connection = await kit.connect();
    await ensureStreams(fleetConnection(connection), 0, BEAT);
    const publish = (start: number, ended: boolean, interval = 60_000): Promise<unknown> =>
      jetstream(connection).publish('rxf.alive.a', encodeBeat({ epoch: `${start}-a`, start, interval, tables: {}, ended }));
    await publish(2, false);
    const hosts = kit.record(fleet(connection, { beat: BEAT }).hosts());
    await hosts.find(({ type }) => type === 'added');
    await publish(1, true);
    await publish(2, false, 60_001);
    await hosts.find(({ type }) => type === 'changed');
    expect(hosts.values.map(({ type }) => type)).to.deep.equal(['added', 'changed']);
    await publish(2, true);
    await hosts.find(({ type }) => type === 'silent');
    // An agent that was started with its clock set back, after the server has lost the beats.
    await publish(1, false);
    await hosts.find(({ type }) => type === 'back');
  });

  it('continue when the server has lost the last ones', async () => {
    kit = await FleetKit.create();
    const connection = await kit.connect();
    const namespace = kit.namespace('link add br0 type bridge');
    const events = kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['links'] });
    await events.find(({ type }) => type === 'published');
    const { streams } = await jetstreamManager(connection);
    const last = async () => streams.getMessage('RXF_ALIVE', { last_by_subj: 'rxf.alive.a' });
    await streams.purge('RXF_ALIVE');
    let stored = await last();
    for (const end = Date.now() + 15_000 * PATIENCE; stored === null && Date.now() < end; stored = await last()) await delay(10);
    expect(decodeBeat(stored!.data)).to.include({ ended: false, cell: 0 });
    expect(events.error).to.equal(undefined);
    events.stop();
    await connection.flush();
    expect(decodeBeat((await last())!.data)).to.include({ ended: true });
  });
});
