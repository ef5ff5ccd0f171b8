import type { Server } from 'node:http';
import { expect } from 'chai';
import { concat, NEVER, of } from 'rxjs';
import { network, type Network } from 'rxnetlink/network';
import { createPageServer } from '../../../examples/dashboard-page/serve.js';
import { Chromium, rowNames, type OpenedPage } from '../../kernel/dashboard/browser.js';
import { useNamespace } from '../../support/namespace.js';
import { PATIENCE } from '../../support/patience.js';
import { end, listen } from './stream.js';

/** A name that the kernel rejects because of its blanks. A server must not rely on that. */
const SCRIPT = '<img src=x onerror=alert(1)>';

/** Returns a network with one link, as it would come from a kernel without checks of names. */
function netWith(link: object): Network {
  const links = { watch: () => concat(of({ type: 'synced', entries: [link] }), NEVER), list: () => NEVER };
  return { links, close: () => undefined } as unknown as Network;
}

describe('the page of examples/dashboard-page in Chromium', function () {
  this.timeout(60_000);
  const namespace = useNamespace();
  const browser = Chromium.use();
  const nets: Network[] = [];
  let server: Server | undefined;
  let opened: OpenedPage | undefined;

  const serve = async (net: Network, port?: number): Promise<number> => {
    nets.push(net);
    server = createPageServer(net, 200);
    return listen(server, port);
  };
  const open = async (net: Network): Promise<OpenedPage> => {
    opened = await browser.open(`http://127.0.0.1:${await serve(net)}/`);
    opened.page.setDefaultTimeout(20_000 * PATIENCE);
    await opened.page.locator('tbody tr').first().waitFor();
    return opened;
  };
  const kernel = (): Network => network({ netns: namespace().path });
  const names = (): readonly string[] => (JSON.parse(namespace().ip('-j link')) as { ifname: string }[]).map(({ ifname }) => ifname);

  afterEach(async () => {
    await opened?.page.context().close();
    opened = undefined;
    if (server !== undefined) await end(server);
    for (const net of nets.splice(0)) net.close();
  });

  it('shows the links as they change, and their rates', async () => {
    namespace().batch(['link add v0 type bridge', 'link add <img> type bridge']);
    const { page, faults } = await open(kernel());
    expect(await rowNames(page)).to.deep.equal(names());
    namespace().batch(['link del v0', 'link add v1 mtu 1300 type bridge', 'address add 192.0.2.1/24 dev v1']);
    await page.locator('tr', { hasText: '192.0.2.1/24' }).waitFor();
    expect(await rowNames(page)).to.deep.equal(names());
    expect(await page.locator('tr', { hasText: '192.0.2.1/24' }).locator('td').allTextContents()).to.include('1300');
    namespace().run('bash', '-c', 'for i in {1..50}; do head -c 1000 /dev/zero > /dev/udp/127.0.0.1/9; done');
    await page.locator('td.number', { hasText: 'kB/s' }).first().waitFor();
    expect(faults).to.deep.equal([]);
  });

  it('connects to a server that was started again, and shows its links', async () => {
    namespace().batch(['link add gone type bridge']);
    const { page, faults } = await open(kernel());
    const port = Number(new URL(page.url()).port);
    await end(server!);
    await page.locator('#state').getByText('not connected').waitFor();
    // What the page has is old, and stays.
    expect(await rowNames(page)).to.include('gone');
    namespace().batch(['link del gone', 'link add later type bridge']);
    await serve(kernel(), port);
    await page.locator('tbody th').getByText('later', { exact: true }).waitFor();
    await page.locator('#state').getByText('live', { exact: true }).waitFor();
    expect(await rowNames(page)).to.deep.equal(names());
    expect(faults).to.deep.equal([]);
  });

  it('shows names as text, whatever they contain', async () => {
    const { page, faults } = await open(netWith({ index: 7, name: SCRIPT, state: 'up', mtu: 1500, addresses: [{ address: SCRIPT }] }));
    expect(await rowNames(page)).to.deep.equal([SCRIPT]);
    expect(await page.locator('td').allTextContents()).to.include(SCRIPT);
    expect(await page.locator('img').count()).to.equal(0);
    // A dialog, and a request for the picture, are faults.
    expect(faults).to.deep.equal([]);
  });
});
