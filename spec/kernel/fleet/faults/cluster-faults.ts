import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { agent, type AgentEvent } from '../../../../lib/fleet/index.js';
import { startNatsServer, type NatsServer } from '../../../support/nats-server.js';
import { PATIENCE } from '../../../support/patience.js';
import { BEAT, Recorded } from '../fleet-kit.js';
import { Hosts, Observed } from './hosts.js';

const SERVERS = 3;

describe('a fleet of a cluster', function () {
  this.timeout(180_000 * PATIENCE);
  const servers: NatsServer[] = [];
  const connections: NatsConnection[] = [];
  let hosts: Hosts | undefined;

  afterEach(async () => {
    for (const connection of connections) await connection.close();
    for (const server of servers) await server.delete();
    hosts?.delete();
  });

  it('has all states after the leader of the stream was killed', async () => {
    const ports = await Promise.all(Array.from({ length: SERVERS }, () => freePort()));
    const routes = ports.map((port) => `nats://127.0.0.1:${String(port)}`).join(', ');
    const started = await Promise.all(
      ports.map((port, index) =>
        startNatsServer({
          config: `server_name: s${String(index)}\ncluster { name: rxf, listen: "127.0.0.1:${String(port)}", routes: [${routes}] }`,
        }),
      ),
    );
    servers.push(...started);
    const link = async (): Promise<NatsConnection> => {
      const urls = servers.map(({ url }) => url);
      const connection = await connect({ servers: urls, maxReconnectAttempts: -1, reconnectTimeWait: 100, pingInterval: 2000 });
      connections.push(connection);
      return connection;
    };
    const connection = await link();
    const manager = await jetstreamManager(connection, { checkAPI: false });
    // The operator creates the streams: an agent creates them without replicas.
    for (const [name, subject, more] of [
      ['RXF_STATE_0', 'rxf.state.0.>', { discard: 'new', allow_rollup_hdrs: true, max_bytes: 64 * 1024 * 1024 }],
      ['RXF_ALIVE', 'rxf.alive.*', { max_msgs_per_subject: 1, max_age: 10 * BEAT * 1e6, storage: 'file', max_bytes: 1024 * 1024 }],
    ] as const) {
      await retried(() => manager.streams.add({ name, subjects: [subject], num_replicas: SERVERS, ...more }));
    }
    hosts = new Hosts(3, 3, 50);
    const tables = ['links', 'addresses', 'routes'];
    const agents = hosts.all.map(
      ([host, { path }]) => new Recorded<AgentEvent>(agent(connection, { host, netns: path, tables, beat: BEAT })),
    );
    const observed = new Observed(await link());
    await observed.equals(hosts);
    const { cluster } = await manager.streams.info('RXF_STATE_0');
    const leader = servers[Number(cluster?.leader?.slice(1))]!;
    const churn = async (milliseconds: number): Promise<void> => {
      for (const end = Date.now() + milliseconds; Date.now() < end; await delay(30)) hosts?.change();
    };
    await churn(300);
    await leader.stop('SIGKILL');
    await churn(2000);
    await observed.equals(hosts, 60_000);
    await leader.start();
    await churn(500);
    await observed.equals(hosts, 60_000);
    const fresh = new Observed(connection);
    await fresh.equals(hosts, 60_000);
    for (const { error } of agents) expect(error).to.equal(undefined);
    for (const stopped of [...agents, observed, fresh]) stopped.stop();
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Repeats a request until the cluster has a leader. */
async function retried(request: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await request();
      return;
    } catch (error) {
      if (tries === 60) throw error;
      await delay(500);
    }
  }
}
