import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect } from 'chai';
import { judge, type Verdict } from '../../lib/dashboard/http/judge.js';
import { Logins } from '../../lib/dashboard/http/logins.js';
import { PATIENCE } from '../support/patience.js';
import { serve, type Served } from './served.js';
import { skipBecause } from '../support/unavailable.js';

describe('security of the dashboard', () => {
  let served: Served;
  beforeEach(async () => (served = await serve()));
  afterEach(() => served.close());

  const request = (method: string, path: string, headers: readonly string[]) =>
    served.raw([`${method} ${path} HTTP/1.1`, 'Connection: close', ...headers]);
  const own = () => `Host: 127.0.0.1:${String(served.port)}`;

  describe('loopback', () => {
    it('listens at 127.0.0.1 and ::1 and at no other address of the machine', async function () {
      const others = Object.values(networkInterfaces())
        .flatMap((list) => list ?? [])
        .filter(({ internal, family }) => !internal && family === 'IPv4');
      if (others.length === 0) skipBecause(this, 'this machine has no other address');
      expect((await served.get('/favicon.ico')).status).to.equal(204);
      for (const { address } of others) {
        const code = await new Promise((resolve) => {
          const socket = connect(served.port, address);
          socket.once('connect', () => (socket.destroy(), resolve('connected')));
          socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
        });
        expect(code, address).to.equal('ECONNREFUSED');
      }
    });

    it('has the same port at ::1, so that localhost leads to this server', async function () {
      const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
      if (!hasIpv6) skipBecause(this, 'this machine has no ::1');
      const lines = ['GET /favicon.ico HTTP/1.1', `Host: [::1]:${String(served.port)}`, 'Connection: close'];
      expect((await served.raw(lines, '::1')).status).to.equal(204);
    });

    it('fails with one sentence if another program has the port', async () => {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      const { port } = other.address() as { readonly port: number };
      try {
        await serve({ port });
        expect.fail('the server listens at a port that is in use');
      } catch (error) {
        expect((error as Error).message).to.equal(`port ${String(port)} is in use; choose another one with --port`);
      } finally {
        other.close();
      }
    });
  });

  describe('Host', () => {
    for (const name of ['127.0.0.1', 'localhost', '[::1]'])
      it(`answers to ${name} with its port`, async () => {
        expect((await request('GET', '/', [`Host: ${name}:${String(served.port)}`])).status).to.equal(401);
      });

    for (const [words, host] of [
      ['another name, as after DNS rebinding', 'evil.example'],
      ['another name with its port', 'evil.example:PORT'],
      ['its name without the port', '127.0.0.1'],
      ['its name with another port', 'localhost:1'],
      ['a name that begins as its own', 'localhost.evil.example:PORT'],
      ['nothing', ''],
    ] as const)
      it(`answers 421 to ${words}, also with a login`, async () => {
        const { cookie, path } = await served.logIn();
        const { status } = await request('GET', path, [`Host: ${host.replace('PORT', String(served.port))}`, cookie]);
        expect(status).to.equal(421);
      });
  });

  it('answers to its names with and without the port 80, which browsers omit, and to no other name', () => {
    const logins = new Logins();
    const statusOf = (host: string, port: number): number | undefined => {
      const verdict: Verdict = judge({ method: 'GET', url: '/', headers: { host } }, port, logins);
      return verdict.do === 'refuse' ? verdict.status : undefined;
    };
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '127.0.0.1:80']) expect(statusOf(host, 80), host).to.equal(401);
    for (const host of ['evil.example', '127.0.0.1:8080', '']) expect(statusOf(host, 80), host).to.equal(421);
    expect(statusOf('127.0.0.1', 8080)).to.equal(421);
  });

  describe('token and cookie', () => {
    it('prints a token of 192 bits that is another one in each server', async () => {
      const other = await serve();
      const tokens = [served, other].map(({ addresses }) => new URL(addresses[0]!).searchParams.get('token')!);
      other.close();
      for (const token of tokens) expect(Buffer.from(token, 'base64url')).to.have.length(24);
      expect(tokens[0]).to.not.equal(tokens[1]);
    });

    it('exchanges the token for a cookie of a secret path, which scripts and other sites cannot use', async () => {
      const { pathname, search } = new URL(served.addresses[0]!);
      const { status, headers, body } = await served.get(pathname + search);
      expect(status).to.equal(200);
      const pattern = new RegExp(`^rxnetlink-${String(served.port)}=([\\w-]{32}); HttpOnly; SameSite=Strict; Path=/([\\w-]{32})/$`);
      const [, secret, path] = pattern.exec(headers.get('set-cookie')!)!;
      expect(secret).to.not.equal(path);
      expect(body).to.include(`<a href="/${path!}/">`).and.include(`url=/${path!}/"`);
      expect(body, 'the token and the cookie are not in the page').to.not.include(search).and.not.include(secret);
    });

    it('answers the page below the path of the login with the cookie, and 401 without one', async () => {
      const { cookie, path } = await served.logIn();
      for (const file of ['', 'page.js']) {
        expect((await served.get(path + file)).status, file).to.equal(401);
        expect((await served.get(path + file, [cookie])).status, file).to.equal(200);
      }
      expect((await served.get(`${path}events`)).status).to.equal(401);
    });

    it('answers 401 at / also with the cookie: another port, to which a browser sends it, has not the path', async () => {
      const { cookie } = await served.logIn();
      const { status, body } = await served.get('/', [cookie]);
      expect([status, body]).to.deep.equal([401, 'Open the address that rxnetlink dashboard printed.\n']);
      for (const path of ['/page.js', '/events', `/${'A'.repeat(31)}/page.js`])
        expect((await served.get(path, [cookie])).status, path).to.equal(404);
    });

    it('answers 403 below a wrong path, or that of another login', async () => {
      const [one, other] = [await served.logIn(), await served.logIn()];
      expect((await served.get(`/${'A'.repeat(32)}/`, [one.cookie])).status).to.equal(403);
      for (const file of ['', 'events']) expect((await served.get(one.path + file, [other.cookie])).status, file).to.equal(403);
    });

    it('answers 403 to a wrong cookie, and 401 to the cookie of another port', async () => {
      const { path } = await served.logIn();
      const name = `rxnetlink-${String(served.port)}`;
      expect((await served.get(path, [`Cookie: ${name}=${'A'.repeat(32)}`])).status).to.equal(403);
      expect((await served.get(path, [`Cookie: ${name}=`])).status).to.equal(403);
      expect((await served.get(path, [`Cookie: ${name}0=${'A'.repeat(32)}`])).status).to.equal(401);
    });

    it('answers 403 to a wrong token and 401 to none, without a cookie', async () => {
      const wrong = await served.get(`/login?token=${'A'.repeat(32)}`);
      const none = await served.get('/login');
      expect([wrong.status, none.status]).to.deep.equal([403, 401]);
      expect([wrong, none].some(({ headers }) => headers.has('set-cookie'))).to.equal(false);
    });

    it('accepts a token once, and emits another one after each login', async () => {
      const { pathname, search } = new URL(served.addresses[0]!);
      const first = await served.logIn();
      expect((await served.get(pathname + search)).status).to.equal(403);
      expect(served.addresses).to.have.length(2);
      const second = await served.logIn();
      expect(served.addresses).to.have.length(3);
      for (const { path, cookie } of [first, second]) expect((await served.get(path, [cookie])).status).to.equal(200);
    });
  });

  describe('Sec-Fetch-Site', () => {
    for (const [site, status] of [
      ['same-origin', 200],
      ['none', 200],
      ['same-site', 403],
      ['cross-site', 403],
      ['something', 403],
    ] as const)
      it(`answers ${String(status)} to ${site}`, async () => {
        const { cookie, path } = await served.logIn();
        expect((await served.get(path, [cookie, `Sec-Fetch-Site: ${site}`])).status).to.equal(status);
      });

    it('logs in after a link of another site: a mail or a chat', async () => {
      const { pathname, search } = new URL(served.addresses[0]!);
      expect((await served.get(pathname + search, ['Sec-Fetch-Site: cross-site'])).status).to.equal(200);
    });
  });

  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])
    it(`answers 405 to ${method}, also with a login`, async () => {
      const { cookie, path } = await served.logIn();
      for (const each of ['/', path, `${path}events`, '/login']) {
        const { status, headers } = await request(method, each, [own(), cookie, 'Content-Length: 0']);
        expect([status, headers.get('allow')], each).to.deep.equal([405, 'GET']);
      }
    });

  for (const path of [
    '/..%2f..%2fetc/passwd',
    '/../../etc/passwd',
    '//etc/passwd',
    '/page.js/',
    '/page.js%00',
    '/index.html',
    '/__proto__',
    '/constructor',
    'http://127.0.0.1/page.js',
    '*',
  ])
    it(`answers 404 to ${path}, also below the path of a login`, async () => {
      const login = await served.logIn();
      for (const each of [path, login.path.slice(0, -1) + path])
        expect((await request('GET', each, [own(), login.cookie])).status).to.equal(404);
    });

  it('sends the headers that keep other sites out with every answer', async () => {
    const { cookie, path } = await served.logIn();
    const answers = [
      ...(await Promise.all([path, `${path}page.js`, '/favicon.ico', '/nothing'].map((each) => served.get(each, [cookie])))),
      await served.get('/'),
      await request('POST', '/', [own()]),
      await request('GET', '/', ['Host: evil.example']),
    ];
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 204, 404, 401, 405, 421]);
    for (const { status, headers } of answers) {
      expect(headers.get('content-security-policy'), String(status)).to.equal(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; " +
          "form-action 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options')).to.equal('nosniff');
      expect(headers.get('referrer-policy')).to.equal('no-referrer');
      expect(headers.get('cross-origin-resource-policy')).to.equal('same-origin');
      expect(headers.get('cross-origin-opener-policy')).to.equal('same-origin');
      expect(headers.get('cache-control')).to.equal('no-store');
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).to.deep.equal([]);
    }
  });

  it('ends the connection of a request that it refuses', async () => {
    const { status, headers } = await served.raw(['GET / HTTP/1.1', own()]);
    expect([status, headers.get('connection')]).to.deep.equal([401, 'close']);
  });

  it('ends connections that send no request, so that they do not keep others out', async function () {
    this.timeout(20_000 * PATIENCE);
    const idle = Array.from({ length: 64 }, () => connect(served.port, '127.0.0.1').on('error', () => undefined));
    const closed = idle.map((socket) => new Promise((resolve) => socket.resume().once('close', resolve)));
    await Promise.all(closed);
    expect((await served.get('/')).status).to.equal(401);
  });

  it('ends the connections and frees the port when it is unsubscribed from', async () => {
    const { port } = served;
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const { cookie, path } = await served.logIn();
    socket.write(`GET ${path}events HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\n${cookie}\r\n\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    served.close();
    await ended;
    served = await serve({ port });
    expect(served.port).to.equal(port);
  });
});
