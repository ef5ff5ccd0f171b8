import { connect } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/nats-core';
import { expect } from 'chai';
import { lastValueFrom, type Observable } from 'rxjs';
import { rtLink } from '../../../../lib/families/rt-link.js';
import { rtRoute } from '../../../../lib/families/rt-route.js';
import { remote } from '../../../../lib/fleet/index.js';
import type { NetlinkError } from '../../../../lib/index.js';
import { createNamespace, type Namespace } from '../../../support/namespace.js';
import { startNatsServer, type NatsServer } from '../../../support/nats-server.js';
import { PATIENCE } from '../../../support/patience.js';
import { until } from '../fleet-kit.js';
import { FaultyProcess } from './faulty-process.js';

/** The longest time from a fault to the error of each request. The times are printed: a busy machine may need longer. */
const LIMIT = 5000 * PATIENCE;

/** More routes than a window holds: a fault during the first row meets a dump that the host has not sent whole. */
const ROUTES = 60_000;

/** Subscribes to a request; the result has its number of rows and how it ended. */
function start(stream: Observable<unknown>, onRow: (rows: number) => void = () => undefined) {
  const request = { rows: 0, end: '', at: 0 };
  const end = (how: string): void => {
    Object.assign(request, { end: how, at: performance.now() });
  };
  stream.subscribe({
    next: () => onRow(++request.rows),
    error: ({ code, message }: NetlinkError) => end(`${code} ${message}`),
    complete: () => end('complete'),
  });
  return request;
}

describe('requests at another host that fails', function () {
  this.timeout(120_000);
  let server: NatsServer;
  let namespace: Namespace;
  let host: FaultyProcess;
  let connection: NatsConnection;

  before(async () => {
    server = await startNatsServer({ jetstream: false });
    namespace = createNamespace();
    const destinations = Array.from({ length: ROUTES }, (_, index) => `172.16.${String(index >> 8)}.${String(index & 255)}`);
    namespace.batch([
      'link add d0 type bridge',
      'link set d0 up',
      'address add 10.9.0.1/24 dev d0',
      ...destinations.map((address) => `route add ${address} via 10.9.0.9 dev d0 onlink`),
    ]);
  });
  beforeEach(async () => {
    host = new FaultyProcess('remote-process.ts', [server.url, 'a', namespace.path]);
    await host.ready();
    connection = await connect({ servers: server.url, reconnect: false });
  });
  afterEach(async () => {
    await connection.close();
    await host.kill();
  });
  after(async () => {
    namespace?.delete();
    await server?.delete();
  });

  /** Causes the fault during a dump, beside a collection and before another request; expects the error of each in time. */
  async function fail(name: string, fault: () => void): Promise<void> {
    const transport = remote(connection, 'a');
    using link = rtLink({ transport });
    using route = rtRoute({ transport });
    const watched = start(link.watch('getlink'));
    await until(() => watched.rows > 0);
    let since = 0;
    const dump = start(route.dump('getroute', { rtmFamily: 2 }), () => {
      if (since > 0) return;
      since = performance.now();
      fault();
    });
    await until(() => since > 0);
    const later = start(link.do('getlink', { ifname: 'd0' }));
    await until(() => [watched, dump, later].every(({ end }) => end !== ''));
    const times = [watched, dump, later].map(({ at }) => `${((at - since) / 1000).toFixed(2)} s`);
    process.stdout.write(`      ${name}: watch() ${times[0]!}, dump ${times[1]!}, later request ${times[2]!}\n`);
    for (const request of [watched, dump, later]) {
      expect(request.end).to.match(/^ENOTCONN /);
      expect(request.at - since).to.be.below(LIMIT);
    }
    expect(dump.rows).to.be.below(ROUTES);
  }

  it('end with ENOTCONN when its process is killed, and work with the next one', async () => {
    await fail('kill -9 of the host', () => host.child.kill('SIGKILL'));
    host = new FaultyProcess('remote-process.ts', [server.url, 'a', namespace.path]);
    await host.ready();
    using link = rtLink({ transport: remote(connection, 'a') });
    expect((await lastValueFrom(link.list('getlink'))).map(({ ifname }) => ifname)).to.deep.equal(['lo', 'd0']);
  });

  it('end with ENOTCONN when its process is stopped, and work when it is continued', async () => {
    await fail('stop of the host', () => host.child.kill('SIGSTOP'));
    host.child.kill('SIGCONT');
    using link = rtLink({ transport: remote(connection, 'a') });
    expect((await lastValueFrom(link.list('getlink'))).map(({ ifname }) => ifname)).to.deep.equal(['lo', 'd0']);
  });

  it('end with ENOTCONN when its process leaves', async () => {
    await fail('end of the host', () => host.child.kill('SIGTERM'));
  });

  it('end with ENOTCONN when the server is killed', async () => {
    await fail('kill -9 of the server', () => server.process.kill('SIGKILL'));
    await server.stop();
    await server.start();
  });

  it('end with ENOTCONN when the server is stopped', async () => {
    await fail('stop of the server', () => server.process.kill('SIGSTOP'));
    server.process.kill('SIGCONT');
  });
});
