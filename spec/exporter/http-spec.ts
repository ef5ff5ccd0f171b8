import { connect, createServer } from 'node:net';
import { expect } from 'chai';
import { defer, finalize, map, NEVER, of, throwError, timer, type Observable, type Subscription } from 'rxjs';
import { judge } from '../../lib/exporter/http/judge.js';
import { LOOPBACK } from '../../lib/http/index.js';
import { serveMetrics } from '../../lib/exporter/http/serve-metrics.js';

describe('the server of metrics', () => {
  let running: Subscription | undefined;
  afterEach(() => running?.unsubscribe());

  /** Starts a server and returns its origin. */
  const serve = async (metrics: Observable<string>, address = LOOPBACK, port = 0): Promise<string> => {
    const url = await new Promise<string>((resolve, reject) => {
      running = serveMetrics({ address, port }, metrics).subscribe({ next: resolve, error: reject });
    });
    expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    return url;
  };

  it('answers GET with the text and the type of Prometheus', async () => {
    const response = await fetch(await serve(of('a 1\n')));
    expect([response.status, await response.text()]).to.deep.equal([200, 'a 1\n']);
    const { headers } = response;
    expect(headers.get('content-type')).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(headers.get('content-length')).to.equal('4');
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
    expect(headers.get('cache-control')).to.equal('no-store');
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).to.deep.equal([]);
  });

  it('answers HEAD without reading', async () => {
    let readings = 0;
    const url = await serve(defer(() => of(`a ${++readings}\n`)));
    const response = await fetch(url, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type'), await response.text(), readings]).to.deep.equal([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      '',
      0,
    ]);
  });

  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
    it(`answers 405 to ${method}`, async () => {
      const response = await fetch(await serve(NEVER), { method });
      expect([response.status, response.headers.get('allow')]).to.deep.equal([405, 'GET, HEAD']);
    });

  for (const path of ['/', '/metrics/', '/Metrics', '/metrics/..%2f', '//metrics', '/favicon.ico', '/__proto__'])
    it(`answers 404 to ${path}`, async () => {
      const url = await serve(NEVER);
      const response = await fetch(new URL(url).origin + path);
      expect([response.status, await response.text()]).to.deep.equal([404, 'There is no such page. The metrics are at /metrics.\n']);
    });

  it('ignores parameters, which scrapers can be configured to send', async () => {
    expect(await (await fetch(`${await serve(of('a 1\n'))}?collect[]=links`)).text()).to.equal('a 1\n');
  });

  it('reads once for requests at the same time, and again for the next one', async () => {
    let readings = 0;
    const url = await serve(
      defer(() => {
        readings++;
        return timer(20).pipe(map(() => `a ${readings}\n`));
      }),
    );
    // Three requests in one packet: the server has all of them before the timer of the first one ends.
    const { host } = new URL(url);
    const socket = connect(Number(new URL(url).port), LOOPBACK);
    const request = (connection: string) => `GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: ${connection}\r\n\r\n`;
    socket.write(request('keep-alive') + request('keep-alive') + request('close'));
    let received = '';
    for await (const chunk of socket.setEncoding('utf8')) received += String(chunk);
    expect(received.match(/^a \d+$/gm)).to.deep.equal(['a 1', 'a 1', 'a 1']);
    expect(await (await fetch(url)).text()).to.equal('a 2\n');
  });

  it('ends a reading whose scrapers have gone', async () => {
    let isRead = false;
    const ended = new Promise<void>((resolve) => {
      void serve(
        defer(() => {
          isRead = true;
          return NEVER.pipe(finalize(resolve));
        }),
      ).then(async (url) => {
        const abort = new AbortController();
        const request = fetch(url, { signal: abort.signal }).catch(() => undefined);
        while (!isRead) await new Promise((next) => setTimeout(next, 5));
        abort.abort();
        await request;
      });
    });
    await ended;
  });

  it('answers 500 with the reason if reading fails, and reads again for the next request', async () => {
    let readings = 0;
    const url = await serve(defer(() => (++readings === 1 ? throwError(() => new Error('broken')) : of('a 1\n'))));
    const first = await fetch(url);
    expect([first.status, await first.text()]).to.deep.equal([500, 'broken\n']);
    expect((await fetch(url)).status).to.equal(200);
  });

  it('frees its port when it is unsubscribed from, also with an open connection', async () => {
    const url = await serve(NEVER);
    const port = Number(new URL(url).port);
    const socket = connect(port, LOOPBACK);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('connect', resolve));
    running?.unsubscribe();
    await closed;
    expect(await serve(of(''), LOOPBACK, port)).to.equal(url);
  });

  it('fails with one sentence if the port is in use, or the address is not one of this machine', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, LOOPBACK, resolve));
    const { port } = other.address() as { readonly port: number };
    expect(await failureOf(() => serve(of(''), LOOPBACK, port))).to.equal(
      `port ${String(port)} is in use at 127.0.0.1; choose another one with --port`,
    );
    other.close();
    expect(await failureOf(() => serve(of(''), '192.0.2.77', 0))).to.equal(
      '192.0.2.77 is not an address of this machine; choose one of `rxnetlink addresses` with --listen',
    );
  });
});

describe('judge', () => {
  const statusOf = (headers: Readonly<Record<string, string>>, isLoopback = true): number => {
    const verdict = judge({ method: 'GET', url: '/metrics', headers }, isLoopback);
    return verdict.do === 'refuse' ? verdict.status : 200;
  };

  for (const host of ['127.0.0.1:19100', '127.0.0.1', 'localhost:8080', 'LOCALHOST', '[::1]:19100', '192.0.2.1:80'])
    it(`accepts the host ${host} at the loopback`, () => {
      expect(statusOf({ host })).to.equal(200);
    });

  for (const host of [
    'evil.example',
    'evil.example:19100',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '[evil]',
    '',
    '1',
    'localhost:x',
  ])
    it(`refuses the host '${host}' at the loopback: it may lead there by DNS rebinding`, () => {
      expect(statusOf({ host })).to.equal(421);
    });

  it('accepts any host at another address, whose names it does not know', () => {
    expect(statusOf({ host: 'router.example:19100' }, false)).to.equal(200);
  });

  for (const [site, status] of [
    ['none', 200],
    ['same-origin', 200],
    ['same-site', 403],
    ['cross-site', 403],
  ] as const)
    it(`answers ${String(status)} to a browser's request of ${site}`, () => {
      expect(statusOf({ host: 'localhost', 'sec-fetch-site': site })).to.equal(status);
      expect(statusOf({ host: 'router.example', 'sec-fetch-site': site }, false)).to.equal(status);
    });
});

async function failureOf(start: () => Promise<unknown>): Promise<string> {
  try {
    await start();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no failure';
}
