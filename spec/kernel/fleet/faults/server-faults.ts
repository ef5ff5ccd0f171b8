import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { isLong } from '../../../support/rounds.js';
import { FleetKit, until, type Recorded } from '../fleet-kit.js';
import type { AgentEvent } from '../../../../lib/fleet/index.js';
import { Hosts, Observed } from './hosts.js';

const [HOSTS, LINKS, ROUTES] = isLong ? [20, 20, 500] : [3, 5, 100];

describe('a fleet whose server fails', function () {
  this.timeout(isLong ? 300_000 : 90_000);
  let kit: FleetKit;
  let hosts: Hosts;
  let connection: NatsConnection;
  let agents: Recorded<AgentEvent>[];
  let observed: Observed;

  beforeEach(async () => {
    kit = await FleetKit.create();
    hosts = new Hosts(HOSTS, LINKS, ROUTES);
    connection = await kit.connect({ pingInterval: 2000 });
    const tables = ['links', 'addresses', 'routes'];
    agents = hosts.all.map(([host, { path }]) => kit.agent(connection, { host, netns: path, tables }));
    // The reader has a connection of its own.
    observed = new Observed(await kit.connect());
    await observed.equals(hosts);
  });
  afterEach(async () => {
    observed.stop();
    for (const { error } of agents) expect(error).to.equal(undefined);
    await kit.delete();
    hosts.delete();
  });

  /** Changes the hosts for some time. */
  const churn = async (milliseconds: number): Promise<void> => {
    for (const end = Date.now() + milliseconds; Date.now() < end; await delay(30)) hosts.change();
  };

  it('has all states after the server was killed and started again', async () => {
    await churn(300);
    await kit.server.stop('SIGKILL');
    await churn(700);
    await kit.server.start();
    await churn(300);
    await observed.equals(hosts);
    const fresh = new Observed(connection);
    await fresh.equals(hosts);
    fresh.stop();
  });

  it('has all states after the server lost its last writes', async () => {
    await churn(200);
    await observed.equals(hosts);
    await kit.server.stop('SIGTERM');
    const [store, copy] = [join(kit.server.folder, 'store'), join(kit.server.folder, 'copy')];
    cpSync(store, copy, { recursive: true });
    await kit.server.start();
    await churn(500);
    await observed.equals(hosts);
    await kit.server.stop('SIGKILL');
    rmSync(store, { recursive: true });
    cpSync(copy, store, { recursive: true });
    // Nothing changes any more: the agents find the loss without a change of their tables.
    await kit.server.start();
    await until(() => agents.every(({ values }) => values.some(({ type }) => type === 'connected')));
    const isEqual = async (): Promise<boolean> => {
      const fresh = new Observed(connection);
      try {
        await fresh.equals(hosts, 1000);
        return true;
      } catch {
        return false;
      } finally {
        fresh.stop();
      }
    };
    let tries = 0;
    while (!(await isEqual()) && tries < 10) tries++;
    expect(tries, 'fresh readers without all states').to.be.below(10);
    await observed.equals(hosts);
    await churn(200);
    await observed.equals(hosts);
  });

  it('has all states after the stream was full', async () => {
    const manager = await jetstreamManager(connection);
    const { config, state } = await manager.streams.info('RXF_STATE_0');
    await manager.streams.update('RXF_STATE_0', { ...config, max_bytes: state.bytes + 2000 });
    await churn(500);
    await until(() => agents.some(({ values }) => values.some((event) => event.type === 'retrying' && event.reason.includes('full'))));
    await manager.streams.update('RXF_STATE_0', config);
    await churn(200);
    await observed.equals(hosts);
  });

  it('has all states after the streams were deleted', async () => {
    const manager = await jetstreamManager(connection);
    await manager.streams.delete('RXF_STATE_0');
    await manager.streams.delete('RXF_ALIVE');
    await churn(300);
    // The agents of tables that do not change write them when they check the stream again.
    await observed.equals(hosts);
    const fresh = new Observed(connection);
    await fresh.equals(hosts);
    fresh.stop();
  });

  it('is read by a slow reader in the end, and others are not delayed', async () => {
    const slow = new Observed(await kit.connect(), 1);
    await churn(isLong ? 5000 : 1000);
    await observed.equals(hosts);
    await slow.equals(hosts, 60_000);
    slow.stop();
  });
});
