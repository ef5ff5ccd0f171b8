import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/nats-core';
import { expect } from 'chai';
import { fleet, type AgentEvent, type FleetChange } from '../../../lib/fleet/index.js';
import { decodeBeat } from '../../../lib/fleet/log/beat.js';
import type { Namespace } from '../../support/namespace.js';
import { BEAT, FleetKit, isSilent, entriesOf, linkNames, type Recorded } from './fleet-kit.js';

type Link = { readonly ifname?: string | undefined };

describe('a reader of rows that the server does not have yet', function () {
  this.timeout(60_000);
  let kit: FleetKit;
  let connection: NatsConnection;
  let manager: JetStreamManager;
  let namespace: Namespace;
  let events: Recorded<AgentEvent>;
  let links: Recorded<FleetChange<Link>>;

  beforeEach(async () => {
    kit = await FleetKit.create();
    namespace = kit.namespace('link add br0 type bridge');
    connection = await kit.connect();
    manager = await jetstreamManager(connection);
    links = kit.links(connection);
    events = kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['links'] });
    await links.find(({ type }) => type === 'synced');
  });
  afterEach(() => kit?.delete());

  /** Returns the names that a reader has when it emits a change. */
  const namesAt = (change: FleetChange<Link>): unknown => entriesOf(links.values.slice(0, links.values.indexOf(change) + 1)).get('a');

  it('does not emit `silent` for a host that has just started', async () => {
    const isStored = (tables: Readonly<Record<string, boolean>>): boolean => tables['rt-link/getlink'] === true;
    await kit.record(fleet(connection, { beat: BEAT }).hosts()).find((change) => 'tables' in change && isStored(change.tables));
    expect(links.values.map(({ type }) => type)).to.deep.equal(['synced']);
  });

  it('emits `back` after the rows of a new run, not with its first beat', async () => {
    events.stop();
    const silent = await links.find(isSilent('ended'));
    namespace.ip('link add br1 type bridge');
    kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['links'] });
    const back = await links.find(({ type }) => type === 'back', links.values.indexOf(silent));
    expect(namesAt(back)).to.deep.equal(linkNames(namespace));
  });

  it('emits `silent` while the stream is full, and `back` with the rows', async () => {
    const { config, state } = await manager.streams.info('RXF_STATE_0');
    await manager.streams.update('RXF_STATE_0', { ...config, max_bytes: state.bytes + 10 });
    namespace.ip('link add br1 type bridge');
    await events.find(({ type }) => type === 'retrying');
    const silent = await links.find(isSilent('behind'));
    expect(silent).to.include({ host: 'a' });
    const stored = await manager.streams.getMessage('RXF_ALIVE', { last_by_subj: 'rxf.alive.a' });
    expect(decodeBeat(stored!.data)?.tables).to.deep.equal({ 'rt-link/getlink': false });
    const later = kit.links(await kit.connect());
    expect(await later.find(isSilent('behind'))).to.include({ host: 'a' });
    await manager.streams.update('RXF_STATE_0', config);
    const back = await links.find(({ type }) => type === 'back', links.values.indexOf(silent));
    expect(namesAt(back)).to.deep.equal(linkNames(namespace));
  });

  const purge = () => manager.streams.purge('RXF_STATE_0');
  const rollup = async (): Promise<void> => {
    const sent = headers();
    sent.set('Nats-Rollup', 'all');
    await jetstream(connection).publish('rxf.state.0.other.rt-link.getlink.0', '{}', { headers: sent });
  };
  const replace = async (): Promise<void> => {
    const { config } = await manager.streams.info('RXF_STATE_0');
    await manager.streams.delete('RXF_STATE_0');
    await manager.streams.add(config);
  };
  for (const [title, lose] of [
    ['a purge of the stream', purge],
    ['a rollup of all subjects by another host', rollup],
    ['a stream that was made again', replace],
    ['a stream that was deleted', () => manager.streams.delete('RXF_STATE_0')],
  ] as const)
    it(`gets a table that did not change after ${title}`, async () => {
      const before = events.values.length;
      await lose();
      await events.find(({ type }) => type === 'published', before);
      const later = kit.links(await kit.connect());
      const synced = await later.find(({ type, host }) => type === 'synced' && host === 'a');
      expect(entriesOf([synced]).get('a')).to.deep.equal(linkNames(namespace));
      expect(links.values.filter(({ type }) => type === 'added' || type === 'removed')).to.deep.equal([]);
    });
});
