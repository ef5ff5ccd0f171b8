import { connect } from 'node:net';
import { expect } from 'chai';
import { lastValueFrom, NEVER, Observable } from 'rxjs';
import { dashboardTables } from '../../lib/cli/dashboard/tables.js';
import { linkRates, watchNamespace } from '../../lib/dashboard/index.js';

import { network, type Network } from '../../lib/network/index.js';
import { fakeNetwork, type FakeNetwork } from '../../lib/testing/index.js';
import { until } from '../kernel/cli/command.js';
import { DashboardClient } from '../kernel/dashboard/dashboard-client.js';
import { serve, type Served } from './served.js';

describe('tables of the dashboard', () => {
  let kernel: FakeNetwork;
  let net: Network;
  let served: Served;
  let close: () => void;

  beforeEach(async () => {
    kernel = fakeNetwork();
    net = network(kernel.options);
    const all = dashboardTables(net, watchNamespace(net), kernel.options);
    close = all.close;
    served = await serve({ tables: all.tables, rates: linkRates(net), topology: NEVER });
  });
  afterEach(() => {
    served.close();
    net.close();
    close();
  });

  const open = (query?: string) => new DashboardClient().open(served.addresses.at(-1)!, query);

  it('asks the kernel nothing before the first page is opened and after the last one is closed', async () => {
    expect(kernel.requests).to.deep.equal([]);
    const page = await open();
    await until(() => page.tables.has('links') && page.rates.length > 1, 'no links');
    page.close();
    const other = await open();
    await until(() => other.tables.has('links'), 'no links for the second page');
    other.close();
    let count = -1;
    // The requests that were sent while the page was closed have been answered.
    await until(() => count === (count = kernel.requests.length), 'requests go on');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(kernel.requests).to.have.length(count);
  });

  it('sends requests that read, and no others', async () => {
    const page = await open();
    await until(() => page.infos.size === 7 && page.rates.length > 2, 'tables are missing');
    // The types of rtnetlink come in fours, from 16 on: new, delete, get, set. 1 is NLMSG_NOOP, 20 SOCK_DIAG_BY_FAMILY; the others are nfnetlink's.
    const READS = new Set([1, 20, 0x101, 0xa01, 0xa04, 0xa07, 0xa0a, 0xa10, 0xa13, 0xa17]);
    const types = [...new Set(kernel.requests.map(({ type }) => type))];
    expect(types.filter((type) => !(type >= 16 && type < 256 && type % 4 === 2) && !READS.has(type))).to.deep.equal([]);
    expect(types).to.include.members([18, 22, 26, 30, 94]);
  });

  it('shows the links of the kernel, and each change', async () => {
    const page = await open();
    await until(() => page.rows('links').length === 2, 'no links');
    await lastValueFrom(net.links.ensure({ name: 'br0', kind: 'bridge', up: true }));
    await lastValueFrom(net.links.ensure({ name: 'eth0', master: 'br0', mtu: 1400 }));
    await lastValueFrom(net.addresses.ensure({ link: 'br0', address: '10.0.0.1/24' }));
    const shown = () => page.rows('links').map(({ name, kind, mtu, master, addresses }) => [name, kind, mtu, master, addresses].join(' '));
    await until(() => shown().includes('br0 bridge 1400  10.0.0.1/24') && shown().includes('eth0  1400 br0 '), 'other links').catch(
      () => undefined,
    );
    expect(shown()).to.include.members(['br0 bridge 1400  10.0.0.1/24', 'eth0  1400 br0 ']);
    await lastValueFrom(net.links.delete('br0'));
    await until(() => !page.rows('links').some(({ name }) => name === 'br0'), 'the bridge is still there');
    await until(() => page.rows('addresses').every(({ link }) => link !== 'br0'), 'its address is still there');
  });

  it('states beside a table why it cannot be read', async () => {
    const page = await open();
    await until(() => page.infos.get('sockets')?.error !== undefined, 'no error of the sockets');
    expect(page.infos.get('sockets')!.error).to.include('the fake network has no sockets');
    expect(page.infos.get('sockets')!.total).to.equal(0);
  });

  it('filters a table by the query of its stream, and no other one', async () => {
    const page = await open('?filter.links=ETH0%20up&filter.nothing=x');
    await until(() => page.tables.has('links') && page.tables.has('addresses'), 'no tables');
    expect(page.rows('links').map(({ name }) => name)).to.deep.equal(['eth0']);
    expect(page.infos.get('links')).to.deep.equal({ table: 'links', total: 2, matching: 1 });
  });

  it('answers 503 to the 17th page until another one is closed', async () => {
    const pages: DashboardClient[] = [];
    while (pages.length < 16) pages.push(await open());
    const { cookie, path } = await served.logIn();
    const refused = await served.get(`${path}events`, [cookie]);
    expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([503, '5']);
    pages[0]!.close();
    let status = 503;
    const end = Date.now() + 20_000;
    while (status === 503 && Date.now() < end) {
      const page = await open().catch(() => undefined);
      if (page !== undefined) {
        await until(() => page.hello !== undefined || page.isEnded, 'neither hello nor an end');
        status = page.hello === undefined ? 503 : 200;
        page.close();
      }
    }
    expect(status).to.equal(200);
    for (const page of pages) page.close();
  });

  it('closes all that was opened on a connection when it ends, also if it asked for twenty streams at once', async () => {
    let subscriptions = 0;
    const rates = new Observable<never>(() => {
      subscriptions++;
      return () => {
        subscriptions--;
      };
    });
    const server = await serve({ rates });
    try {
      const { cookie, path } = await server.logIn();
      const socket = connect(server.port, '127.0.0.1');
      const request = `GET ${path}events HTTP/1.1\r\nHost: 127.0.0.1:${String(server.port)}\r\n${cookie}\r\n\r\n`;
      socket.write(request.repeat(20));
      await new Promise((resolve) => socket.once('data', resolve));
      expect(subscriptions).to.equal(1);
      socket.destroy();
      await until(() => subscriptions === 0, 'a stream is still open');
    } finally {
      server.close();
    }
  });
});
