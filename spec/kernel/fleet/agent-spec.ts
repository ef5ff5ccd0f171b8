import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/nats-core';
import { expect } from 'chai';
import { FleetError, fleet } from '../../../lib/fleet/index.js';
import { decodeMessage } from '../../../lib/fleet/log/message.js';
import type { Namespace } from '../../support/namespace.js';
import { BEAT, FleetKit, entriesOf, isSilent, linkNames, until } from './fleet-kit.js';

describe('an agent and a reader', function () {
  this.timeout(60_000);
  let kit: FleetKit;
  let connection: NatsConnection;
  let manager: JetStreamManager;
  let namespace: Namespace;

  beforeEach(async () => {
    kit = await FleetKit.create();
    namespace = kit.namespace('link add br0 type bridge');
    connection = await kit.connect();
    manager = await jetstreamManager(connection);
  });
  afterEach(() => kit?.delete());

  const lastMessage = async (subject: string) => {
    const stored = await manager.streams.getMessage('RXF_STATE_0', { last_by_subj: subject });
    return stored === null ? undefined : { ...decodeMessage(stored.data), header: stored.header };
  };
  const LINKS = 'rxf.state.0.a.rt-link.getlink.0';

  it('carry links as `ip -j link` has them, and each change', async () => {
    const events = kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['links'] });
    const started = await events.find(({ type }) => type === 'started');
    expect(started).to.include({ host: 'a' });
    const links = kit.links(connection);
    expect(await links.find(({ type }) => type === 'synced')).to.include({ host: 'a', reason: 'initial' });
    expect(entriesOf(links.values).get('a')).to.deep.equal(linkNames(namespace));
    namespace.ip('link add br1 type bridge');
    await links.find((change) => change.type === 'added' && change.value.ifname === 'br1');
    namespace.ip('link delete br0');
    await links.find((change) => change.type === 'removed' && change.value.ifname === 'br0');
    expect(entriesOf(links.values).get('a')).to.deep.equal(linkNames(namespace));
    const message = await lastMessage(LINKS);
    expect(message?.set).to.deep.equal([]);
    expect(message?.header.get('Rxf-Batch')).to.match(/^[0-9a-z]+-[0-9a-f]{12}\.\d+$/);
  });

  it('carry no counters', async () => {
    const events = kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['links'] });
    await events.find(({ type }) => type === 'published');
    const { set } = (await lastMessage(LINKS))!;
    expect(set).to.have.length(2);
    for (const [, row] of set) expect(row).to.not.have.any.keys('stats', 'stats64', 'carrierChanges');
  });

  it('report the end of the agent, and its next start, whose snapshot is emitted as differences', async () => {
    const links = kit.links(connection);
    const first = kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['links'] });
    await links.find(({ type }) => type === 'synced');
    first.stop();
    const silent = await links.find(isSilent('ended'));
    expect(silent).to.include({ host: 'a' });
    namespace.ip('link add br1 type bridge');
    namespace.ip('link delete br0');
    kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['links'] });
    await links.find(({ type }) => type === 'back', links.values.indexOf(silent));
    await links.find((change) => change.type === 'removed' && change.value.ifname === 'br0');
    expect(entriesOf(links.values).get('a')).to.deep.equal(linkNames(namespace));
    expect(links.values.filter(({ type }) => type === 'synced')).to.have.length(1);
  });

  it('let the agent that started later continue', async () => {
    const first = kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['links'] });
    await first.find(({ type }) => type === 'published');
    const second = kit.agent(await kit.connect(), { host: 'a', netns: namespace.path, tables: ['links'] });
    const error = await first.fails();
    expect(error).to.be.instanceOf(FleetError).and.include({ reason: 'replaced' });
    expect(error.message).to.contain("another agent of host 'a' started later");
    await second.find(({ type }) => type === 'published');
    namespace.ip('link add br1 type bridge');
    const links = kit.links(connection);
    await links.find(({ type }) => type === 'synced');
    await until(() => entriesOf(links.values).get('a')?.includes('br1') === true);
    expect(second.error).to.equal(undefined);
  });

  it('write a snapshot after a foreign write, and the reader has no difference', async () => {
    const events = kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['links'] });
    await events.find(({ type }) => type === 'published');
    const links = kit.links(connection);
    await links.find(({ type }) => type === 'synced');
    const header = headers();
    header.set('Rxf-Batch', 'other.1');
    connection.publish(LINKS, '{"v":1,"prev":99999,"set":[],"del":[]}', { headers: header });
    const silent = await links.find(isSilent('gap'));
    namespace.ip('link add br1 type bridge');
    await events.find((event) => event.type === 'published' && event.snapshot && event.set === 3);
    await links.find(({ type }) => type === 'back', links.values.indexOf(silent));
    expect(entriesOf(links.values).get('a')).to.deep.equal(linkNames(namespace));
  });

  it('are not disturbed by messages that cannot be read', async () => {
    const events = kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['links'] });
    await events.find(({ type }) => type === 'published');
    const links = kit.links(connection);
    await links.find(({ type }) => type === 'synced');
    connection.publish('rxf.state.0.b.rt-link.getlink.0', 'no JSON');
    connection.publish('rxf.state.0.c.rt-link.getlink.x', '{}');
    connection.publish('rxf.state.0._zz.rt-link.getlink.0', '{"v":1,"prev":0,"set":[],"del":[]}');
    connection.publish('rxf.alive.b', 'no JSON');
    connection.publish(LINKS, '{"v":2}');
    const silent = await links.find(isSilent('message'));
    expect(silent).to.include({ host: 'a' });
    expect((silent as { readonly detail?: string }).detail).to.contain('version 2');
    namespace.ip('link add br1 type bridge');
    await links.find(({ type }) => type === 'back', links.values.indexOf(silent));
    expect(entriesOf(links.values)).to.deep.equal(new Map([['a', linkNames(namespace)]]));
  });

  it('spread a table over shards, fewer of them after the next start', async () => {
    const first = kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['routes'], shards: 3 });
    await until(() => first.values.filter(({ type }) => type === 'published').length >= 3);
    const routes = kit.record(fleet(connection, { beat: BEAT }).watch('rt-route', 'getroute'));
    const synced = await routes.find(({ type }) => type === 'synced');
    const count = (synced as { readonly entries: readonly object[] }).entries.length;
    const listed = ['-4', '-6'].flatMap(
      (family) => JSON.parse(namespace.run('ip', '-j', family, 'route', 'show', 'table', 'all')) as object[],
    );
    expect(count).to.equal(listed.length);
    first.stop();
    const second = kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['routes'], shards: 1 });
    await until(() => second.values.filter(({ type }) => type === 'published').length >= 3);
    await routes.find(({ type }) => type === 'back');
    expect(routes.values.filter(({ type }) => ['added', 'changed', 'removed'].includes(type))).to.deep.equal([]);
    const later = kit.record(fleet(connection, { beat: BEAT }).watch('rt-route', 'getroute'));
    expect(await later.find(({ type }) => type === 'synced'))
      .to.have.property('entries')
      .with.length(count);
  });

  it('remove a table that the next agent does not follow', async () => {
    const first = kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['links', 'addresses'] });
    const links = kit.links(connection);
    await links.find(({ type }) => type === 'synced');
    first.stop();
    kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['addresses'] });
    await links.find(({ type }) => type === 'gone');
    expect(entriesOf(links.values).get('a')).to.deep.equal([]);
  });

  it('remove the entries of a host that is gone', async () => {
    const events = kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['links'] });
    const links = kit.links(connection, { goneAfter: 200 });
    await links.find(({ type }) => type === 'synced');
    events.stop();
    await links.find(({ type }) => type === 'gone');
    expect(entriesOf(links.values).get('a')).to.deep.equal([]);
    kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['links'] });
    expect(await links.find(({ type }) => type === 'synced', 1)).to.include({ reason: 'back' });
    expect(entriesOf(links.values).get('a')).to.deep.equal(linkNames(namespace));
  });
});
