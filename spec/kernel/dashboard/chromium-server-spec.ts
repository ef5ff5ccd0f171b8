import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { PATIENCE } from '../../support/patience.js';
import { createNamespace, useNamespace, type Namespace } from '../../support/namespace.js';
import { CommandProcess } from '../cli/command.js';
import { Chromium, countNodes, findings, keepPicture, rowNames, type OpenedPage } from './browser.js';

/** A link as `ip -j -d address` prints it. */
interface IpLink {
  readonly ifname: string;
  readonly mtu: number;
  readonly master?: string;
  readonly link_type: string;
  readonly address?: string;
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
}

/** A name with markup that the kernel accepts: 15 bytes, without a blank and a slash. */
const MARKUP = '<img&gt;<b>x<b>';
const SCRIPT = '<img src=x onerror=alert(1)>';
/** Sends 100 datagrams a second until it is killed. */
const TRAFFIC = `
import socket, sys, time
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    try: sender.sendto(b'x' * 1200, (sys.argv[1], 9))
    except OSError: pass
    time.sleep(0.01)
`;

describe('rxnetlink dashboard in Chromium', function () {
  this.timeout(120_000);
  const browser = Chromium.use();
  const namespace = useNamespace();
  let command: CommandProcess | undefined;
  let opened: OpenedPage | undefined;

  /** Starts the command, and returns the address that it prints. */
  const start = async (...options: string[]): Promise<string> => {
    command = new CommandProcess('dashboard', '--netns', namespace().path, ...options);
    await command.prints('http://');
    return /http:\S+/.exec(command.stdout)![0];
  };
  const open = async (): Promise<Page> => {
    opened = await browser.open(await start());
    await opened.page.locator('tbody tr').first().waitFor();
    return opened.page;
  };
  afterEach(async () => {
    await opened?.page.context().close();
    opened = undefined;
    command?.child.kill('SIGKILL');
    await command?.ended;
    command = undefined;
  });

  it('shows the rows of ip -j after many changes', async () => {
    const page = await open();
    const { batch } = namespace();
    batch(['link add br0 type bridge', 'link set br0 up', 'address add 192.0.2.1/24 dev br0']);
    batch(Array.from({ length: 40 }, (_, index) => `link add v${index} type veth peer name p${index}`));
    batch(Array.from({ length: 40 }, (_, index) => `link set v${index} master br0 mtu ${1400 + index} up`));
    batch([
      ...Array.from({ length: 10 }, (_, index) => `link delete v${index}`),
      ...Array.from({ length: 10 }, (_, index) => `link set p${index + 10} name q${index} mtu 1300`),
      ...Array.from({ length: 5 }, (_, index) => `link set v${index + 20} nomaster`),
      ...Array.from({ length: 9 }, (_, index) => `address add 198.51.100.${index + 1}/32 dev v${index + 30}`),
      'address delete 198.51.100.3/32 dev v32',
      ...Array.from({ length: 20 }, (_, index) => `route add 203.0.113.${index}/32 via 192.0.2.${index + 2} metric ${index}`),
      ...Array.from({ length: 10 }, (_, index) => `route delete 203.0.113.${2 * index}/32`),
      ...Array.from({ length: 6 }, (_, index) => `neighbour add 192.0.2.${index + 50} lladdr 02:00:00:00:00:0${index} dev br0`),
      'neighbour delete 192.0.2.52 dev br0',
    ]);
    const read = <T>(...words: string[]): T[] => JSON.parse(namespace().run('ip', '-j', ...words)) as T[];

    const links = read<IpLink>('-d', 'address').map(({ ifname, mtu, master = '', address, link_type: type, addr_info: addresses }) => [
      ifname,
      String(mtu),
      master,
      type === 'loopback' ? '' : (address ?? ''),
      addresses
        .map(({ local, prefixlen }) => `${local}/${prefixlen}`)
        .sort()
        .join(' '),
    ]);
    await showsRows(page, 'Links', ['Name', 'MTU', 'Master', 'MAC', 'Addresses'], links);
    const addresses = read<IpLink>('address').flatMap(({ ifname, addr_info: all }) =>
      all.map(({ local, prefixlen }) => [ifname, `${local}/${prefixlen}`]),
    );
    await showsRows(page, 'Addresses', ['Link', 'Address'], addresses);
    const routes = read<{ dst: string; metric?: number }>('-4', 'route', 'show', 'table', 'main').map(({ dst, metric = 0 }) => [
      dst.includes('/') ? dst : `${dst}/32`,
      String(metric),
      'main',
    ]);
    await page.locator('#filter').fill('main unicast');
    await showsRows(page, 'Routes', ['To', 'Metric', 'Table'], routes);
    await page.locator('#filter').fill('');
    const neighbours = read<{ dst: string; lladdr: string; dev: string }>('neighbour', 'show', 'nud', 'permanent');
    expect(neighbours).to.have.lengthOf(5);
    await showsRows(
      page,
      'Neighbours',
      ['Address', 'MAC', 'Link'],
      neighbours.map(({ dst, lladdr, dev }) => [dst, lladdr, dev]),
    );
    expect(await findings(page)).to.deep.equal([]);
    await keepPicture(page, 'neighbours');
    expect(opened!.faults).to.deep.equal([]);
  });

  it('plots the traffic of the busiest link, and draws veth pairs across namespaces', async () => {
    const other = createNamespace();
    try {
      namespace().batch(['link add near type veth peer name far', 'address add 10.1.1.1/24 dev near', 'link set near up']);
      namespace().run('ip', 'link', 'set', 'far', 'netns', netnsOf(other));
      other.batch(['address add 10.1.1.2/24 dev far', 'link set far up']);
      const page = await open();
      const traffic = namespace().start('python3', '-c', TRAFFIC, '10.1.1.2');
      await page.locator('#plotted').getByText('near, the busiest link').waitFor();
      await page
        .locator('tr.plotted', { hasText: 'near' })
        .locator('td.rate')
        .first()
        .getByText(/^[\d.]+ [kM]B\/s$/)
        .waitFor();
      traffic.kill('SIGKILL');
      expect((await rowNames(page))[0]).to.equal('near');
      const label = page.locator('#topology svg[aria-label*="near is connected with far"]');
      await label.waitFor();
      expect(await page.locator('#topology path.veth').count()).to.be.at.least(1);
      expect(opened!.faults).to.deep.equal([]);
    } finally {
      // Deletes the pair also.
      other.delete();
    }
  });

  it('shows names, aliases and comments with markup as text', async () => {
    namespace().batch([`link add ${MARKUP} type veth peer name <b>`, `link set <b> alias "${SCRIPT}"`]);
    namespace().run('nft', `add table inet t; add chain inet t c; add rule inet t c counter comment "${SCRIPT}"`);
    const page = await open();
    for (const name of [MARKUP, '<b>']) await page.locator('tbody th').getByText(name, { exact: true }).waitFor();
    await page.locator('.chip text').getByText(MARKUP, { exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Counters' }).click();
    await page.locator('td').getByText(SCRIPT, { exact: true }).waitFor();
    expect(await page.locator('img, b').count()).to.equal(0);
    expect(opened!.faults).to.deep.equal([]);
  });

  it('reports that the server was killed, and shows the page of the next one after another login', async () => {
    const first = await start();
    opened = await browser.open(first);
    const { page } = opened;
    const state = page.locator('#state');
    await state.getByText('live', { exact: true }).waitFor();
    const rows = await rowNames(page);
    command!.child.kill('SIGKILL');
    await command!.ended;
    await state.getByText(/^not connected, what you see is from \d\d:\d\d:\d\d$/).waitFor();
    expect(await rowNames(page)).to.deep.equal(rows);
    namespace().ip('link add after type veth');
    const login = await page.context().newPage();
    await login.goto(await start('--port', new URL(first).port));
    await login.locator('#state').getByText('live', { exact: true }).waitFor();
    await login.locator('tbody th').getByText('after', { exact: true }).waitFor();
    // The path of the first page is that of a login of the first server.
    expect(await state.textContent()).to.match(/^not connected/);
  });

  it('needs at most 250 bytes for a change, 2 kB for a second, and 8,000 nodes for 1,000 links', async () => {
    const pairs = 498;
    // Mocha may try this a second time.
    if (!namespace().ip('-br link').includes('bridge0'))
      namespace().batch([
        ...[0, 1, 2, 3].flatMap((bridge) => [`link add bridge${bridge} type bridge`, `link set bridge${bridge} up`]),
        ...Array.from({ length: pairs }, (_, index) => `link add a${index} type veth peer name z${index}`),
        ...Array.from({ length: pairs }, (_, index) => `link set a${index} master bridge${index % 4} up`),
        ...Array.from({ length: pairs }, (_, index) => `link set z${index} up`),
      ]);
    const page = await open();
    await page
      .locator('#shown')
      .getByText(/^300 of 1,\d\d\d shown, filter to see others$/)
      .waitFor();
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    let bytes = 0;
    session.on('Network.dataReceived', ({ dataLength }) => (bytes += dataLength));
    let event = '';
    session.on('Network.eventSourceMessageReceived', ({ eventName, data }) => {
      event = `${eventName} ${data}`;
      // Other specs make and delete namespaces, which are in the topology of this one.
      if (eventName.startsWith('topology')) bytes -= data.length;
    });
    await idle(page, () => ({ bytes, event }));
    bytes = 0;
    const began = Date.now();
    const ip = namespace().start('ip', '-batch', '-');
    const last = 1900;
    const changes = 300;
    for (let change = 0; change < changes; change++) {
      const place = (change * 7919) % pairs;
      ip.stdin!.write(
        change % 3 === 0 ? `link set z${place} ${change % 2 === 0 ? 'down' : 'up'}\n` : `link set a${place} mtu ${1400 + (change % 100)}\n`,
      );
      await page.waitForTimeout(Math.max(0, began + change * 10 - Date.now()));
    }
    ip.stdin!.end(`link set bridge0 mtu ${last}\nlink set a0 mtu ${last}\n`);
    await page.locator('#filter').fill(`a0 ${last}`);
    await page.locator('tbody th').getByText('a0', { exact: true }).waitFor();
    // Each second and each event has bytes of its own: a slow machine needs more seconds for the same changes.
    const most = changes * 250 + ((Date.now() - began) / 1000) * 2000;
    expect(bytes, `bytes of ${changes} changes`).to.be.within(changes * 30, most);
    await page.locator('#filter').fill('');
    await page.locator('tbody tr').nth(299).waitFor();
    expect(await countNodes(page)).to.be.below(8000);
    await keepPicture(page, 'thousand-links');
  });
});

/** Waits until fewer than 500 bytes arrive in each of three seconds: the kernel checks addresses of new links for two seconds. */
async function idle(page: Page, received: () => { readonly bytes: number; readonly event: string }): Promise<void> {
  let quiet = 0;
  for (let second = 0; second < 30 * PATIENCE && quiet < 3; second++) {
    const before = received().bytes;
    await page.waitForTimeout(1000);
    quiet = received().bytes - before < 500 ? quiet + 1 : 0;
  }
  if (quiet < 3) throw new Error(`the server sent at least 500 bytes in one of three seconds, last ${received().event.slice(0, 400)}`);
}

function netnsOf({ name, path }: Namespace): string {
  return name ?? /\/proc\/(\d+)\//.exec(path)![1]!;
}

/** Opens a tab, and waits until some columns of all rows are those of `ip`. */
async function showsRows(page: Page, tab: string, columns: readonly string[], expected: readonly (readonly string[])[]): Promise<void> {
  await page.getByRole('tab', { name: tab }).click();
  const read = (): Promise<string[][]> =>
    page.evaluate<string[][]>(`(() => {
      const titles = [...document.querySelectorAll('thead th')].map(({ textContent }) => textContent);
      const places = ${JSON.stringify(columns)}.map((title) => titles.indexOf(title));
      return [...document.querySelectorAll('tbody tr')].map(({ cells }) => places.map((place) => cells[place].textContent.trim()));
    })()`);
  const sorted = (rows: readonly (readonly string[])[]): string[] => rows.map((row) => row.join(' | ')).sort();
  const end = Date.now() + 10_000 * PATIENCE;
  let rows: string[] = [];
  while (Date.now() < end && JSON.stringify(rows) !== JSON.stringify(sorted(expected))) {
    await page.waitForTimeout(50);
    rows = sorted(await read());
  }
  expect(rows).to.deep.equal(sorted(expected));
  expect(rows.length, 'rows').to.be.above(0);
}
