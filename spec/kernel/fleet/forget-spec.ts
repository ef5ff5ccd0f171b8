import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/nats-core';
import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { FleetError, fleet, forgetHost, type ForgetHostOptions, type ForgottenHost } from '../../../lib/fleet/index.js';
import { decodeBeat, encodeBeat, epochName } from '../../../lib/fleet/log/beat.js';
import { BATCH_HEADER } from '../../../lib/fleet/log/message.js';
import { fleetConnection } from '../../../lib/fleet/server/fleet-connection.js';
import { ensureStreams } from '../../../lib/fleet/server/streams.js';
import { Proxy } from './proxy.js';
import { BEAT, FleetKit, entriesOf, linkNames, until } from './fleet-kit.js';

/** An account that reads and writes, and may not purge streams; and one that only reads. */
const USERS = `authorization { users = [
  { user: admin, password: x }
  { user: writer, password: x, permissions: { publish: { deny: "$JS.API.STREAM.PURGE.>" } } }
  { user: reader, password: x, permissions: { publish: { deny: "rxf.>" } } }
] }`;

const forget = (connection: NatsConnection, host: string, options?: ForgetHostOptions): Promise<ForgottenHost> =>
  firstValueFrom(forgetHost(connection, host, options));

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  );

/** Returns the subjects of the messages of a host. */
async function subjectsOf(connection: NatsConnection, host: string): Promise<readonly string[]> {
  const { streams } = await jetstreamManager(connection);
  const infos = ['RXF_STATE_0', 'RXF_ALIVE'].map((name) => streams.info(name, { subjects_filter: '>' }));
  const subjects = (await Promise.all(infos)).flatMap(({ state }) => Object.keys(state.subjects ?? {}));
  return subjects.filter((subject) => subject.split('.').includes(host));
}

describe('forgetting a host', function () {
  this.timeout(60_000);
  let kit: FleetKit;
  afterEach(() => kit?.delete());

  const start = async (config = '', login = {}): Promise<NatsConnection> => {
    kit = await FleetKit.create({ config });
    const connection = await kit.connect(login);
    await ensureStreams(fleetConnection(connection), 0, BEAT);
    return connection;
  };
  /** Starts an agent of a host and waits for its table. */
  const host = async (name: string, shards?: number) => {
    const namespace = kit.namespace(`link add br-${name} type bridge`);
    const options = { host: name, netns: namespace.path, tables: ['links', 'rules'], ...(shards !== undefined && { shards }) };
    const events = kit.agent(await kit.connect({ user: 'admin', pass: 'x' }), options);
    for (const table of options.tables) {
      const snapshots = () => events.values.filter((event) => event.type === 'published' && event.snapshot && event.table === table);
      await until(() => snapshots().length === (shards ?? 1));
    }
    return { namespace, events };
  };

  it('removes its rows and its beat, and leaves those of the others', async () => {
    const connection = await start();
    const { events } = await host('a', 4);
    const other = await host('b');
    const hosts = kit.record(fleet(connection, { beat: BEAT }).hosts());
    const links = kit.links(connection);
    await links.find(({ type, host: name }) => type === 'synced' && name === 'a');
    await links.find(({ type, host: name }) => type === 'synced' && name === 'b');
    events.stop();
    await hosts.find(({ type }) => type === 'silent');

    expect(await forget(connection, 'a')).to.deep.equal({ host: 'a', tables: ['rt-link/getlink', 'rt-rule/getrule'], wasRunning: false });
    expect(await subjectsOf(connection, 'a')).to.deep.equal([]);
    expect(await subjectsOf(connection, 'b')).to.have.length(3);
    await hosts.find(({ type, host: name }) => type === 'gone' && name === 'a');
    await links.find(({ type, host: name }) => type === 'gone' && name === 'a');
    expect(entriesOf(links.values)).to.deep.equal(
      new Map([
        ['a', []],
        ['b', linkNames(other.namespace)],
      ]),
    );
    expect(links.values.filter(({ type }) => type === 'gone')).to.have.length(1);
    other.namespace.ip('link add later type bridge');
    await links.find((change) => change.type === 'added' && change.value.ifname === 'later');

    const joining = fleet(await kit.connect(), { beat: BEAT });
    const [laterHosts, laterLinks] = [kit.record(joining.hosts()), kit.record(joining.watch('rt-link', 'getlink'))];
    await laterLinks.find(({ type }) => type === 'synced');
    await laterHosts.find(({ type }) => type === 'added');
    expect([...laterHosts.values, ...laterLinks.values].filter(({ host: name }) => name === 'a')).to.deep.equal([]);
  });

  it('is learned by a reader that was disconnected meanwhile', async () => {
    const connection = await start();
    const proxy = new Proxy(kit.server.port);
    const reading = await kit.connect({ servers: `127.0.0.1:${String(await proxy.listen())}` });
    const { events } = await host('a');
    const links = kit.links(reading);
    const hosts = kit.record(fleet(reading, { beat: BEAT }).hosts());
    await links.find(({ type }) => type === 'synced');
    events.stop();
    await links.find(({ type }) => type === 'silent');
    await hosts.find(({ type }) => type === 'silent');
    // The last message that the reader knows is that of another host, and stays.
    const row = JSON.stringify({ v: 1, prev: 0, of: 1, set: [['x', { ifname: 'x' }]], del: [] });
    await jetstream(connection).publish('rxf.state.0.b.rt-link.getlink.0', row);
    await links.find(({ type, host: name }) => type === 'synced' && name === 'b');
    proxy.cut();
    await forget(connection, 'a');
    expect(entriesOf(links.values).get('a')).to.have.length(2);
    await proxy.listen();
    await links.find(({ type, host: name }) => type === 'gone' && name === 'a');
    await hosts.find(({ type, host: name }) => type === 'gone' && name === 'a');
    expect(entriesOf(links.values)).to.deep.equal(
      new Map([
        ['a', []],
        ['b', ['x']],
      ]),
    );
  });

  it('keeps what an agent stores that is started meanwhile', async () => {
    const connection = await start();
    const { events, namespace } = await host('a');
    events.stop();
    const forgotten = forget(connection, 'a', { force: true });
    const hosts = kit.record(fleet(connection, { beat: BEAT }).hosts());
    await hosts.find(({ type }) => type === 'gone');
    const again = kit.agent(await kit.connect(), { host: 'a', netns: namespace.path, tables: ['links', 'rules'] });
    await again.find((event) => event.type === 'published' && event.table === 'rules');
    await again.find((event) => event.type === 'published' && event.table === 'links');
    await forgotten;
    const late = kit.record(fleet(connection, { beat: BEAT }).hosts());
    await late.find(({ type, host: name }) => type === 'added' && name === 'a');
    const links = kit.links(connection);
    await links.find(({ type }) => type === 'synced');
    expect(entriesOf(links.values).get('a')).to.deep.equal(linkNames(namespace));
    expect((await subjectsOf(connection, 'a')).length).to.equal(3);
  });

  it('is refused while its agent runs, unless it is forced: then the agent ends', async () => {
    const connection = await start();
    const { events, namespace } = await host('a');
    const hosts = kit.record(fleet(connection, { beat: BEAT }).hosts());
    await hosts.find(({ type }) => type === 'added');
    const refused = await failure(forget(connection, 'a'));
    expect(refused).to.be.instanceOf(FleetError).and.include({ reason: 'running', code: 'EBUSY' });
    expect((refused as Error).message).to.match(/stop the agent first, or use force$/);
    expect(await subjectsOf(connection, 'a')).to.have.length(3);

    expect(await forget(connection, 'a', { force: true })).to.include({ host: 'a', wasRunning: true });
    expect(await events.fails())
      .to.be.instanceOf(FleetError)
      .and.include({ reason: 'forgotten' });
    expect(await subjectsOf(connection, 'a')).to.deep.equal([]);
    await hosts.find(({ type }) => type === 'gone');

    // A machine that starts its agent again is in the fleet again.
    const links = kit.links(connection);
    kit.agent(await kit.connect(), { host: 'a', netns: namespace.path, tables: ['links'] });
    await links.find(({ type }) => type === 'synced');
    await until(() => hosts.values.at(-1)?.type !== 'gone');
    expect(entriesOf(links.values).get('a')).to.deep.equal(linkNames(namespace));
  });

  it('does not hide a host from readers whose agent is started again while it waits', async () => {
    const connection = await start();
    const { events, namespace } = await host('a');
    const [hosts, links] = [kit.record(fleet(connection, { beat: BEAT }).hosts()), kit.links(connection)];
    await links.find(({ type }) => type === 'synced');
    let ends = 0;
    const count = (data: Uint8Array): unknown => decodeBeat(data)?.forgotten === true && ends++;
    connection.subscribe('rxf.alive.*', { callback: (_, { data }) => void count(data) });
    const forgotten = forget(connection, 'a', { force: true });
    await events.fails();
    const again = kit.agent(await kit.connect(), { host: 'a', netns: namespace.path, tables: ['links'] });
    await again.find(({ type }) => type === 'published');
    await forgotten;
    namespace.ip('link add later type bridge');
    await until(() => entriesOf(links.values).get('a')?.includes('later') === true);
    expect(entriesOf(links.values).get('a')).to.deep.equal(linkNames(namespace));
    for (const { values } of [hosts, links]) expect(values.filter(({ type }) => type === 'gone')).to.have.length(1);
    expect([again.error, ends]).to.deep.equal([undefined, 1]);
  });

  it('is followed by the rows of a later run also if its tables were not ended', async () => {
    const connection = await start();
    const client = jetstream(connection);
    const beat = (run: number, forgotten = false): Promise<unknown> => {
      const tables = { 'rt-link/getlink': true };
      return client.publish(
        'rxf.alive.a',
        encodeBeat({ epoch: epochName(run, 'x'), start: run, interval: 60_000, tables, ended: forgotten, forgotten }),
      );
    };
    const sent = headers();
    sent.set(BATCH_HEADER, `${epochName(3, 'x')}.1`);
    const row = JSON.stringify({ v: 1, prev: 0, of: 1, set: [['x', { ifname: 'x' }]], del: [] });
    await client.publish('rxf.state.0.a.rt-link.getlink.0', row, { headers: sent });
    await beat(1);
    const links = kit.links(connection);
    await links.find(({ type }) => type === 'synced');
    await beat(2, true);
    await links.find(({ type }) => type === 'gone');
    await beat(3);
    await until(() => links.values.at(-1)?.type === 'synced');
    expect(entriesOf(links.values).get('a')).to.deep.equal(['x']);
  });

  it('keeps the beat by which an agent ends whose beats are rare', async () => {
    const connection = await start();
    const namespace = kit.namespace();
    const events = kit.agent(await kit.connect(), { host: 'a', netns: namespace.path, tables: ['links'], beat: 3_600_000 });
    await events.find(({ type }) => type === 'published');
    expect(await forget(connection, 'a', { force: true })).to.include({ wasRunning: true });
    expect(await subjectsOf(connection, 'a')).to.deep.equal(['rxf.alive.a']);
    const hosts = kit.record(fleet(connection, { beat: BEAT }).hosts());
    namespace.ip('link add br0 type bridge');
    expect(await events.fails()).to.include({ reason: 'forgotten' });
    expect(hosts.values).to.deep.equal([]);
    await forget(connection, 'a');
    expect(await subjectsOf(connection, 'a')).to.deep.equal([]);
  });

  it('fails for a host that is unknown, and for one without a name', async () => {
    const connection = await start();
    const error = await failure(forget(connection, 'nosuch'));
    expect(error).to.be.instanceOf(FleetError).and.include({ reason: 'unknown', code: 'ENOENT' });
    expect((error as Error).message).to.contain("host 'nosuch' is not in the fleet");
    for (const name of ['', 'web-*', 'a b']) expect(() => forgetHost(connection, name)).to.throw(TypeError);
    expect(() => forgetHost(connection, 'a', { forced: true } as object)).to.throw(TypeError, "unknown option 'forced'");
  });

  it('works on a host whose last beat is not stored any more', async () => {
    const connection = await start();
    await jetstream(connection).publish('rxf.state.0.a.rt-link.getlink.0', JSON.stringify({ v: 1, prev: 0, of: 1, set: [], del: [] }));
    expect(await forget(connection, 'a')).to.include({ wasRunning: false });
    expect(await subjectsOf(connection, 'a')).to.deep.equal([]);
  });

  it('changes nothing for an account without the rights', async () => {
    const admin = await start(USERS, { user: 'admin', pass: 'x' });
    const beat = encodeBeat({ epoch: '1-a', start: 1, interval: BEAT, tables: {}, ended: true });
    await jetstream(admin).publish('rxf.alive.a', beat);
    await jetstream(admin).publish('rxf.state.0.a.rt-link.getlink.0', JSON.stringify({ v: 1, prev: 0, of: 1, set: [], del: [] }));
    for (const [user, subject] of [
      ['writer', '$JS.API.STREAM.PURGE.RXF_STATE_0'],
      ['reader', 'rxf.alive.a'],
    ] as const) {
      const error = await failure(forget(await kit.connect({ user, pass: 'x' }), 'a'));
      expect(error).to.be.instanceOf(FleetError).and.include({ reason: 'permission' });
      expect((error as Error).message).to.contain(`the account has no permission for ${subject}`);
      const { streams } = await jetstreamManager(admin);
      expect((await streams.getMessage('RXF_ALIVE', { last_by_subj: 'rxf.alive.a' }))?.string()).to.equal(beat);
      expect(await subjectsOf(admin, 'a')).to.have.length(2);
    }
    await forget(admin, 'a');
    expect(await subjectsOf(admin, 'a')).to.deep.equal([]);
  });
});
