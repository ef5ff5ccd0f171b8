import { deflateSync } from 'node:zlib';
import { jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/nats-core';
import { expect } from 'chai';
import { FleetError, fleet } from '../../../lib/fleet/index.js';
import { encodeBeat } from '../../../lib/fleet/log/beat.js';
import { fleetConnection } from '../../../lib/fleet/server/fleet-connection.js';
import { ensureStreams } from '../../../lib/fleet/server/streams.js';
import { cellOf } from '../../../lib/fleet/subjects.js';
import { BEAT, FleetKit, entriesOf, until } from './fleet-kit.js';

describe('a reader', function () {
  this.timeout(60_000);
  let kit: FleetKit;
  afterEach(() => kit?.delete());

  const start = async (cells = 1) => {
    kit = await FleetKit.create();
    const connection = await kit.connect();
    for (let cell = 0; cell < cells; cell++) await ensureStreams(fleetConnection(connection), cell, BEAT);
    return connection;
  };
  const snapshot = (name: string): string => JSON.stringify({ v: 1, prev: 0, of: 1, set: [[name, { ifname: name }]], del: [] });

  it('reports a host once after the number of streams was changed', async () => {
    const connection = await start(2);
    const host = ['a', 'b', 'c', 'd'].find((name) => cellOf(name, 2) === 1)!;
    const client = jetstream(connection);
    const publish = (cell: number, run: string, name: string): Promise<unknown> => {
      const sent = headers();
      sent.set('Rxf-Batch', `${run}.1`);
      return client.publish(`rxf.state.${cell}.${host}.rt-link.getlink.0`, snapshot(name), { headers: sent });
    };
    await publish(1, '2-b', 'new');
    await publish(0, '1-a', 'old');
    for (const cells of [1, 2]) {
      const links = kit.links(connection, { cells });
      await until(() => entriesOf(links.values).get(host)?.[0] === 'new');
      await links.find(({ type }) => type === 'silent');
      expect(entriesOf(links.values)).to.deep.equal(new Map([[host, ['new']]]));
    }
  });

  it('emits `gone` to a later subscriber', async () => {
    const connection = await start();
    const client = jetstream(connection);
    await client.publish('rxf.alive.a', encodeBeat({ epoch: '1-a', start: 1, interval: BEAT, tables: {}, ended: false }));
    await client.publish('rxf.state.0.a.rt-link.getlink.0', snapshot('x'));
    const reader = fleet(connection, { beat: BEAT, goneAfter: 100 });
    const first = [kit.record(reader.hosts()), kit.record(reader.watch('rt-link', 'getlink'))] as const;
    for (const recorded of first) await recorded.find(({ type }) => type === 'gone');
    const hosts = kit.record(reader.hosts());
    await hosts.find(({ type }) => type === 'gone');
    const links = kit.record(reader.watch('rt-link', 'getlink'));
    await links.find(({ type }) => type === 'gone');
    expect(links.values.map(({ type }) => type)).to.deep.equal(['synced', 'silent', 'removed', 'gone']);
  });

  it('fails on a server without JetStream', async () => {
    kit = await FleetKit.create({ jetstream: false });
    const connection = await kit.connect();
    for (const source of [fleet(connection).hosts(), fleet(connection).watch('rt-link', 'getlink')]) {
      const error = await kit.record<unknown>(source).fails();
      expect(error).to.be.instanceOf(FleetError).and.include({ reason: 'server' });
      expect(error.message).to.contain('enable jetstream');
    }
  });

  it('fails for a table that cannot be watched, with the most similar name', async () => {
    const connection = await start();
    const error = await kit.record(fleet(connection).watch('rt-link', 'getlnk' as 'getlink')).fails();
    expect(error).to.be.instanceOf(TypeError);
    expect(error.message).to.contain("fleet: watch: table 'rt-link/getlnk'").and.to.contain('did you mean getlink?');
  });

  it('refuses the name of a host that is too long when it is created', async () => {
    const connection = await start();
    expect(() => fleet(connection, { hosts: ['x'.repeat(65)] })).to.throw(RangeError, 'the limit is 64');
  });

  it('reports a message that exceeds a limit, and goes on', async () => {
    const connection = await start();
    const client = jetstream(connection);
    const bomb = deflateSync(Buffer.alloc(9 * 1024 * 1024, 32));
    await client.publish('rxf.state.0.early.rt-link.getlink.0', bomb);
    const links = kit.links(connection);
    await links.find(({ type, host }) => type === 'silent' && host === 'early');
    await client.publish('rxf.state.0.late.rt-link.getlink.0', bomb);
    const silent = await links.find(({ type, host }) => type === 'silent' && host === 'late');
    expect(silent).to.include({ reason: 'limit' });
    expect((silent as { readonly detail?: string }).detail).to.contain('inflate to more than the limit');
    await client.publish('rxf.state.0.late.rt-link.getlink.0', snapshot('x'));
    await until(() => links.values.some(({ type, host }) => type === 'synced' && host === 'late'));
  });
});
