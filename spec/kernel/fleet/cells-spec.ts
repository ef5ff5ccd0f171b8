import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { FleetError, agent, forgetHost } from '../../../lib/fleet/index.js';
import { encodeBeat } from '../../../lib/fleet/log/beat.js';
import { fleetConnection } from '../../../lib/fleet/server/fleet-connection.js';
import { ensureStreams } from '../../../lib/fleet/server/streams.js';
import { runCli } from '../../cli/run-cli.js';
import type { Namespace } from '../../support/namespace.js';
import { BEAT, FleetKit, entriesOf, linkNames, until } from './fleet-kit.js';

/** An account that may not list streams, and one that may. */
const USERS = `no_auth_user: admin
authorization { users = [
  { user: admin, password: x }
  { user: reader, password: x, permissions: { publish: { deny: "$JS.API.STREAM.NAMES" } } }
  { user: short, password: x, permissions: { publish: { deny: "$JS.API.STREAM.INFO.RXF_STATE_5" } } }
] }`;

describe('cells of a fleet', function () {
  this.timeout(60_000);
  let kit: FleetKit;
  let namespace: Namespace;
  let connection: NatsConnection;
  beforeEach(async () => {
    kit = await FleetKit.create({ config: USERS });
    namespace = kit.namespace('link add br0 type bridge');
    connection = await kit.connect({ user: 'admin', pass: 'x' });
  });
  afterEach(() => kit?.delete());

  const start = async (cell: number, tables: readonly string[] = ['links', 'rules']) => {
    const events = kit.agent(connection, { host: 'a', netns: namespace.path, tables, cell });
    await until(() => tables.every((table) => events.values.some((event) => event.type === 'published' && event.table === table)));
    return events;
  };
  const login = (user: string): Promise<NatsConnection> => kit.connect({ user, pass: 'x' });
  const subjects = async (cell: number): Promise<readonly string[]> => {
    const { streams } = await jetstreamManager(connection);
    return Object.keys((await streams.info(`RXF_STATE_${cell}`, { subjects_filter: '>' })).state.subjects ?? {});
  };

  it('lets a reader of all hosts, or of one, find them without their number', async () => {
    await start(5);
    for (const options of [{}, { hosts: ['a'] }, { hosts: ['a', 'b'] }, { hosts: ['a*'] }]) {
      const links = kit.links(await login('admin'), options);
      await links.find(({ type }) => type === 'synced');
      expect(entriesOf(links.values)).to.deep.equal(new Map([['a', linkNames(namespace)]]));
    }
    expect(await subjects(5)).to.have.length(2);
  });

  it('lets a reader find them by the beats if its account may not list streams', async () => {
    const early = kit.links(await login('reader'));
    const events = await start(5);
    await early.find(({ type }) => type === 'synced');
    const links = kit.links(await login('reader'), { hosts: ['a'] });
    await links.find(({ type }) => type === 'synced');
    namespace.ip('link add br1 type bridge');
    for (const recorded of [early, links]) {
      await recorded.find((change) => change.type === 'added' && change.value.ifname === 'br1');
      expect(entriesOf(recorded.values).get('a')).to.deep.equal(linkNames(namespace));
    }
    expect(events.error).to.equal(undefined);
  });

  it('lets a reader find them by the list of streams if the host has no beat', async () => {
    const events = await start(5);
    events.stop();
    const links = kit.links(connection);
    await links.find(({ type }) => type === 'silent');
    const { streams } = await jetstreamManager(connection);
    await streams.purge('RXF_ALIVE');
    for (const options of [{}, { hosts: ['a'] }]) {
      const later = kit.links(await login('admin'), options);
      await later.find(({ type }) => type === 'silent');
      expect(entriesOf(later.values).get('a')).to.deep.equal(linkNames(namespace));
    }
  });

  it('replaces the rows of a host, and ends its agent, when another agent starts in another cell', async () => {
    const first = await start(3);
    const links = kit.links(await login('admin'));
    await links.find(({ type }) => type === 'synced');
    const moved = kit.namespace('link add x type bridge', 'link add br7 type bridge', 'link delete x');
    const second = kit.agent(await login('admin'), { host: 'a', netns: moved.path, tables: ['links', 'rules'], cell: 7 });
    expect(await first.fails())
      .to.be.instanceOf(FleetError)
      .and.include({ reason: 'replaced' });
    await links.find((change) => change.type === 'added' && change.value.ifname === 'br7');
    await until(() => links.values.at(-1)?.type !== 'silent');
    expect(entriesOf(links.values)).to.deep.equal(new Map([['a', linkNames(moved)]]));
    // The same for a reader that starts now, in whatever order it reads the streams.
    for (const options of [{}, { hosts: ['a'] }]) {
      const later = kit.links(await login('admin'), options);
      await later.find((change) => change.type !== 'gone' && 'entries' in change && change.entries.some(({ ifname }) => ifname === 'br7'));
      await until(() => later.values.at(-1)?.type !== 'silent');
      expect(entriesOf(later.values)).to.deep.equal(new Map([['a', linkNames(moved)]]));
    }
    expect(await subjects(3)).to.have.length(2);
    expect(second.error).to.equal(undefined);
  });

  it('reads the rows of the last run when a host returns to its first cell', async () => {
    (await start(3)).stop();
    (await start(7)).stop();
    const links = kit.links(await login('admin'));
    await links.find(({ type }) => type === 'silent');
    namespace.ip('link add br1 type bridge');
    await start(3);
    await until(() => links.values.at(-1)?.type !== 'silent' && entriesOf(links.values).get('a')?.includes('br1') === true);
    namespace.ip('link delete br1');
    await links.find((change) => change.type === 'removed' && change.value.ifname === 'br1');
    expect(entriesOf(links.values)).to.deep.equal(new Map([['a', linkNames(namespace)]]));
  });

  it('ends a table that the agent does not follow in its next cell', async () => {
    const first = await start(3);
    const links = kit.links(await login('admin'));
    await links.find(({ type }) => type === 'synced');
    first.stop();
    await start(7, ['rules']);
    await links.find(({ type }) => type === 'gone');
    expect(entriesOf(links.values).get('a')).to.deep.equal([]);
    const { code, out, err } = await runCli('fleet', 'links', '--server', kit.server.url, '--json');
    expect([code, out.trim()], err).to.deep.equal([0, '[]']);
  });

  it('stops looking for a stream when no beat names its cell', async () => {
    await ensureStreams(fleetConnection(connection), 0, BEAT);
    const reading = await login('admin');
    const looks = new Map<string, number>();
    const request = reading.request.bind(reading);
    reading.request = (subject, ...rest) => {
      const [stream] = /RXF_STATE_\d+$/.exec(subject) ?? [];
      if (stream !== undefined) looks.set(stream, (looks.get(stream) ?? 0) + 1);
      return request(subject, ...rest);
    };
    kit.links(reading);
    for (const cell of [101, 102, 103, 102]) {
      const start = looks.size;
      const beat = { epoch: `${start}-${cell}`, start, interval: 60_000, cell, tables: { 'rt-link/getlink': true }, ended: false };
      const before = looks.get(`RXF_STATE_${cell}`) ?? 0;
      await jetstream(connection).publish('rxf.alive.a', encodeBeat(beat));
      await until(() => (looks.get(`RXF_STATE_${cell}`) ?? 0) > before);
    }
    const before = new Map(looks);
    await until(() => looks.get('RXF_STATE_102')! >= before.get('RXF_STATE_102')! + 3);
    for (const cell of [101, 103]) expect(looks.get(`RXF_STATE_${cell}`), String(cell)).to.equal(before.get(`RXF_STATE_${cell}`));
  });

  it('fails with the reason `permission` when a reader of one host may not look into a stream', async () => {
    await start(5);
    const links = kit.links(await login('short'), { hosts: ['b'] });
    expect(await links.fails())
      .to.be.instanceOf(FleetError)
      .and.include({ reason: 'permission' });
    expect((links.error as Error).message).to.contain('$JS.API.STREAM.INFO.RXF_STATE_5');
  });

  it('removes the rows of a host from all cells when it is forgotten', async () => {
    (await start(3)).stop();
    (await start(7)).stop();
    const { tables } = await firstValueFrom(forgetHost(connection, 'a', { force: true }));
    expect(tables).to.deep.equal(['rt-link/getlink', 'rt-rule/getrule']);
    for (const cell of [3, 7]) expect(await subjects(cell)).to.deep.equal([]);
  });

  it('rejects a wrong cell number', () => {
    for (const [options, text] of [
      [{ cell: -1 }, 'agent: cell'],
      [{ cell: 1024 }, 'agent: cell'],
      [{ cell: 2, cells: 2 }, 'agent: cell'],
      [{ cell: 1.5 }, 'agent: cell'],
    ] as const)
      expect(() => agent(connection, { host: 'a', beat: BEAT, ...options })).to.throw(Error, text);
  });
});
