import { expect } from 'chai';
import type { NatsConnection } from '@nats-io/nats-core';
import { encodeFrame } from '../../lib/fleet/remote/frames.js';
import { encodeMessage } from '../../lib/index.js';
import { PATIENCE } from '../support/patience.js';
import { HOST, ServedHost, links } from './served-host.js';

/** The subject of the answer of the host. */
const WELCOME = `rxf.nl.${HOST}.me.abcdefghijkl.welcome`;

describe('a hostile client of a remote socket', () => {
  const host = new ServedHost();

  afterEach(() => host.reset());

  const connection = (): NatsConnection => host.nats.connect();
  const ask = async (request: unknown): Promise<{ readonly failure?: { readonly code: string; readonly message: string } }> => {
    const text = typeof request === 'string' ? request : JSON.stringify(request);
    const { data } = await connection().request(`rxf.nl.${HOST}.open`, text, { timeout: 5000, noMux: true, reply: WELCOME });
    return JSON.parse(new TextDecoder().decode(data)) as { readonly failure?: { readonly code: string; readonly message: string } };
  };
  const good = { version: 1, id: 'abcdefghijkl', protocol: 0, datagramSize: 65536, window: 65536, options: {}, groups: [] };
  const tx = (counter: number, body: Uint8Array, kind = 1) =>
    connection().publish(`rxf.nl.${HOST}.me.${good.id}.tx`, encodeFrame(kind, counter, 0, body));

  for (const [title, request, text] of [
    ['no JSON', 'x', 'not JSON'],
    ['another version', { ...good, version: 2 }, 'version 2'],
    ['an id that is short', { ...good, id: 'a' }, 'id must'],
    ['an id with a dot', { ...good, id: 'abcdefghijk.' }, 'id must'],
    ['a path as a namespace', { ...good, netns: '../../proc/1/ns/net' }, 'netns must be a name'],
    ['a huge window', { ...good, window: 2 ** 40 }, 'window must'],
    ['many groups', { ...good, groups: Array.from({ length: 300 }, () => 1) }, 'groups must'],
    ['a group of 0', { ...good, groups: [0] }, 'group must'],
    ['an unknown switch', { ...good, options: { listenAllNsid: true } }, 'option listenAllNsid'],
    ['a long request', { ...good, pad: 'x'.repeat(20_000) }, 'the limit is 16384'],
  ] as const)
    it(`is refused with ${title}`, async () => {
      const kernel = links();
      await host.serve(kernel);
      expect((await ask(request)).failure?.message).to.include(text);
      expect(kernel.opened).to.equal(0);
    });

  for (const reply of [
    `rxf.state.0.${HOST}.rt-link.getlink.0`,
    '$JS.API.STREAM.PURGE.RXF_STATE_0',
    WELCOME.replace(HOST, 'other'),
    `${WELCOME}.x`,
  ])
    it(`gets no answer at ${reply}`, async () => {
      const kernel = links();
      await host.serve(kernel);
      const error: unknown = await connection()
        .request(`rxf.nl.${HOST}.open`, JSON.stringify(good), { timeout: 100 * PATIENCE, noMux: true, reply })
        .catch((reason: unknown) => reason);
      expect((error as Error).name).to.equal('TimeoutError');
      expect(host.nats.published.map(({ subject }) => subject)).not.to.include(reply);
      expect(kernel.opened).to.equal(0);
    });

  it('is refused when the id is in use, and when too many are open', async () => {
    const kernel = links();
    await host.serve(kernel, { sockets: 2 });
    expect((await ask(good)).failure).to.equal(undefined);
    expect((await ask(good)).failure?.message).to.include('a socket with this id is open');
    expect((await ask({ ...good, id: 'abcdefghijkm' })).failure).to.equal(undefined);
    expect((await ask({ ...good, id: 'abcdefghijkn' })).failure).to.deep.include({ code: 'EMFILE' });
    expect(kernel.sockets).to.have.length(2);
  });

  for (const [title, send] of [
    ['bytes that are not a frame', () => connection().publish(`rxf.nl.${HOST}.me.${good.id}.tx`, Uint8Array.of(1, 2))],
    ['a counter that jumps', () => tx(5, new Uint8Array(16))],
    ['a datagram without a message', () => tx(0, new Uint8Array(8))],
    [
      'a message that is longer than its datagram',
      () =>
        tx(
          0,
          encodeMessage({ type: 18, flags: 1 }).map((byte, index) => (index === 0 ? 99 : byte)),
        ),
    ],
    [
      'bytes after the last message',
      () => tx(0, Uint8Array.from([...encodeMessage({ type: 18, flags: 1, payload: new Uint8Array(16) }), 1, 2, 3, 4])),
    ],
  ] as const)
    it(`is closed after ${title}`, async () => {
      const kernel = links();
      await host.serve(kernel);
      await ask(good);
      send();
      await host.untilEvent('closed');
      expect(kernel.sockets).to.deep.equal([]);
      expect(kernel.requests).to.deep.equal([]);
    });
});
