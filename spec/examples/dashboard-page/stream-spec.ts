import type { Server } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { network, type Network } from 'rxnetlink/network';
import { createPageServer } from '../../../examples/dashboard-page/serve.js';
import { useNamespace } from '../../support/namespace.js';
import { until } from '../../support/sockets.js';
import { end, listen, send, StreamClient } from './stream.js';

interface IpLink {
  readonly ifindex: number;
  readonly ifname: string;
  readonly mtu: number;
  readonly operstate: string;
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
  readonly stats64: { readonly rx: { readonly bytes: number } };
}

describe('the server of examples/dashboard-page', () => {
  const namespace = useNamespace();
  let net: Network;
  let server: Server;
  let port: number;
  let client: StreamClient;
  before(() => {
    namespace().batch([
      'link add v0 type veth peer name v1',
      'link add <img> type bridge',
      'link set v0 up',
      'link set v1 up',
      'address add 192.0.2.1/24 dev v0',
      'address add 2001:db8::1/64 dev v0 nodad',
    ]);
  });
  beforeEach(async () => {
    net = network({ netns: namespace().path });
    server = createPageServer(net, 100);
    port = await listen(server);
    client = await StreamClient.open(port);
    await client.hasRows();
  });
  afterEach(async () => {
    client?.close();
    await end(server);
    net.close();
  });

  const ip = (): readonly IpLink[] => JSON.parse(namespace().ip('-j -s address')) as IpLink[];
  /** Returns the rows as `ip` lists the links. */
  const expected = (): readonly object[] =>
    ip().map(({ ifindex, ifname, mtu, operstate, addr_info: addresses }) => ({
      index: ifindex,
      name: ifname,
      state: operstate.toLowerCase().replace('lowerlayerdown', 'lower-layer-down'),
      mtu,
      addresses: addresses.map(({ local, prefixlen }) => `${local}/${prefixlen}`).sort(),
    }));
  const sortedRows = (): readonly object[] =>
    [...client.rows.values()].sort((a, b) => a.index - b.index).map((row) => ({ ...row, addresses: [...row.addresses].sort() }));
  const isAsIp = async (): Promise<void> => {
    await until('the rows of ip', () => JSON.stringify(sortedRows()) === JSON.stringify(expected())).catch(() => {
      expect(sortedRows()).to.deep.equal(expected());
    });
  };

  it('sends all links at first, as ip lists them', async () => {
    await isAsIp();
    expect(client.names[0]).to.equal('all');
    expect([...client.rows.values()].map(({ name }) => name)).to.include('<img>');
  });

  it('sends each change of a link, of its addresses and of its name', async () => {
    namespace().batch([
      'link add v2 type veth peer name v3',
      'link set v1 down',
      'link set <img> name <b>',
      'link set v0 mtu 1400',
      'address del 192.0.2.1/24 dev v0',
      'address add 192.0.2.7/24 dev v0',
    ]);
    await isAsIp();
    namespace().batch(['link del v2', 'link set v1 up']);
    await isAsIp();
    expect(client.names).to.include('row').and.include('gone');
  });

  it('sends the rates of links that move bytes, and 0 when they stop', async () => {
    const { ifindex, stats64 } = ip().find(({ ifname }) => ifname === 'lo')!;
    const rates = (): readonly (readonly [number, number])[] =>
      client.rates.flatMap((all) => all.filter(([index]) => index === ifindex).map(([, received, sent]) => [received, sent] as const));
    await until('the first rates', () => rates().length > 0);
    namespace().run('bash', '-c', 'for i in {1..50}; do head -c 1000 /dev/zero > /dev/udp/127.0.0.1/9; done');
    const moved = ip().find(({ ifname }) => ifname === 'lo')!.stats64.rx.bytes - stats64.rx.bytes;
    expect(moved).to.be.at.least(50_000);
    await until('rates', () => rates().some(([received]) => received > 0));
    await until('rates of 0', () => rates().at(-1)![0] === 0);
    // Each interval lasts at least 100 ms, and longer on a busy machine. The timer of Node may begin 1 ms early.
    const sum = rates().reduce((total, [received]) => total + received, 0);
    expect(sum * 0.098).to.be.at.most(moved);
    expect(sum * 5).to.be.at.least(moved);
    for (const [received, sent] of rates()) expect(sent).to.equal(received);
  });

  it('reads the kernel once for all pages, and not without a page', async () => {
    const sockets = (): number =>
      namespace()
        .run('cat', '/proc/net/netlink')
        .split('\n')
        .filter((line) => /^\S+ +0 +[1-9]/.test(line)).length;
    const count = sockets();
    const other = await StreamClient.open(port);
    await other.hasRows();
    await until('the rates of the other page', () => other.rates.length > 0);
    expect([...other.rows.values()]).to.deep.equal([...client.rows.values()]);
    expect(sockets()).to.be.at.most(count);
    other.close();
    client.close();
    await until('no sockets', () => sockets() === 0);
  });

  it('serves twenty pages without a warning of Node about listeners', async () => {
    const warnings: string[] = [];
    const keep = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', keep);
    const pages = await Promise.all(Array.from({ length: 20 }, () => StreamClient.open(port)));
    try {
      for (const page of pages) await page.hasRows();
      expect(pages.map(({ rows }) => rows.size)).to.deep.equal(pages.map(() => ip().length));
      // Node emits a warning in a later turn.
      await setImmediate();
      expect(warnings).to.deep.equal([]);
    } finally {
      process.off('warning', keep);
      for (const page of pages) page.close();
    }
  });

  it('answers to its own names, to GET and to its paths only', async () => {
    const status = async (...args: Parameters<typeof send>): Promise<number | undefined> => {
      const response = await send(...args);
      response.resume();
      return response.statusCode;
    };
    expect(await status(port, '/')).to.equal(200);
    expect(await status(port, '/', 'GET', `localhost:${port}`)).to.equal(200);
    expect(await status(port, '/', 'GET', `example.org:${port}`)).to.equal(421);
    expect(await status(port, '/events', 'GET', 'example.org')).to.equal(421);
    expect(await status(port, '/', 'POST')).to.equal(405);
    for (const path of ['/constructor', '/../serve.ts', '/%2e%2e/serve.ts', '//page.js']) expect(await status(port, path)).to.equal(404);
  });
});
