import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { nkeys } from '@nats-io/nats-core';
import { expect } from 'chai';
import { reasonOf } from '../../../../lib/cli/fleet/connect/connect-failure.js';
import { runCli } from '../../../cli/run-cli.js';
import { startNatsServer, type NatsServer } from '../../../support/nats-server.js';
import { PATIENCE } from '../../../support/patience.js';
import { Deployment } from '../../fleet/deployment/deployment.js';

describe('a connection of rxnetlink fleet that fails', function () {
  this.timeout(60_000 * PATIENCE);
  const deployment = new Deployment();
  let plain: NatsServer;
  let other: Server;

  before(async () => {
    await deployment.start(['web-1']);
    plain = await startNatsServer();
    // A program that is not a nats-server.
    other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await once(other.listen(0, '127.0.0.1'), 'listening');
  });
  after(async () => {
    await deployment.delete();
    await plain?.delete();
    other?.close();
  });

  async function failure(server: string, ...options: readonly string[]): Promise<string> {
    const { code, out, err } = await runCli('fleet', 'hosts', '--server', server, ...options);
    expect([code, out]).to.deep.equal([1, '']);
    const prefix = `rxnetlink: cannot connect to ${server}: `;
    expect(err.slice(0, prefix.length)).to.equal(prefix);
    return err.slice(prefix.length);
  }

  const tls = (): string => `tls://localhost:${deployment.server.port}`;
  const ca = (): string => `--tls-ca=${deployment.caFile}`;

  it('names the certificate that was not accepted', async () => {
    const text = /^the certificate of the server was not accepted; check --tls-ca and the name of the server \(/;
    expect(await failure(tls(), `--nkey=${deployment.keyFile('reader')}`)).to.match(text);
    expect(await failure(`nats://localhost:${deployment.server.port}`)).to.match(text);
  });

  it('reports that the login was rejected', async () => {
    const text = /^the server rejected the login; check --nkey or --creds \(/;
    expect(await failure(tls(), ca())).to.match(text);
    const key = join(deployment.folder, 'stranger.nk');
    writeFileSync(key, new TextDecoder().decode(nkeys.createUser().getSeed()), { mode: 0o600 });
    expect(await failure(tls(), ca(), `--nkey=${key}`)).to.match(text);
  });

  it('reports that the server does not use TLS', async () => {
    for (const options of [[], [ca()]])
      expect(await failure(`tls://127.0.0.1:${plain.port}`, ...options)).to.match(/^the server does not use TLS; connect with nats:\/\//);
    expect(await failure(`nats://127.0.0.1:${plain.port}`, ca())).to.match(/^the server does not use TLS; connect with nats:\/\//);
  });

  it('reports a name that is not known', async () => {
    expect(await failure('nats://no-such-host.invalid:4222')).to.match(/^the name of the server is not known \(getaddrinfo /);
  });

  it('reports a program that is not a nats-server', async () => {
    const { port } = other.address() as { readonly port: number };
    expect(await failure(`nats://127.0.0.1:${port}`)).to.equal('unexpected response from server\n');
  });

  it('reports a server that does not answer in time', () => {
    expect(reasonOf(new Error('timeout'))).to.equal('no nats-server has answered; check the address and the port');
    expect(reasonOf(new Error('another text'))).to.equal('another text');
  });
});
