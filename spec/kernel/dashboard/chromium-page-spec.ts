import { expect } from 'chai';
import type { Rate, Row, Topology } from '../../../lib/dashboard/protocol.js';
import { Chromium, countNodes, findings, keepPicture, rowNames, type OpenedPage } from './browser.js';
import { FakeStream } from './fake-stream.js';

const link = (key: number, name: string, state = 'up'): Row => [String(key), [name, 'veth', state, 1500, 'br0', '02:00:00:00:00:01', null]];
const LINKS: readonly Row[] = [link(1, 'br0'), link(2, 'veth0'), link(3, 'veth1', 'down'), link(4, 'veth2')];
const TOPOLOGY: Topology = {
  namespaces: [
    { id: 'n1', name: 'blue' },
    { id: 'n2', name: 'red', error: 'not permitted' },
  ],
  nodes: [
    { id: '1', name: 'br0', kind: 'bridge', namespace: 'n1', state: 'up' },
    { id: '2', name: 'veth0', kind: 'veth', namespace: 'n1', state: 'up', master: '1' },
    { id: '3', name: 'veth1', kind: 'veth', namespace: 'n1', state: 'down', master: '1' },
  ],
  edges: [{ from: '3', to: '192.0.2.1', kind: 'tunnel' }],
};
const rates: readonly Rate[] = [
  ['2', 5000, 100],
  ['4', 20_000, 100],
];

describe('the page of the dashboard in Chromium', function () {
  this.timeout(60_000);
  const browser = Chromium.use();
  let stream: FakeStream;
  let address: string;
  let opened: OpenedPage;

  beforeEach(async () => {
    stream = new FakeStream((send) => {
      send('all', { table: 'links', rows: LINKS, total: LINKS.length, matching: LINKS.length });
      send('all', { table: 'addresses', rows: [['a', ['br0', '192.0.2.9/24', 'global']]], total: 1, matching: 1 });
      send('all', { table: 'routes', rows: [], total: 0, matching: 0 });
      send('all', { table: 'neighbours', rows: [], total: 0, matching: 0, error: 'the kernel denied it' });
      send('topology', TOPOLOGY);
      send('rates', rates);
    });
    address = await stream.listen();
  });
  afterEach(async () => {
    // Of a skipped spec, neither exists.
    await opened?.page.context().close();
    await stream.close();
  });

  const open = async (options = {}): Promise<OpenedPage['page']> => {
    opened = await browser.open(address, options);
    await opened.page.locator('tbody tr').first().waitFor();
    await opened.page.locator('tr.plotted').waitFor();
    return opened.page;
  };

  it('shows tables, counts and the state, the busiest link first, without an error', async () => {
    const page = await open();
    expect(await page.locator('#state').textContent()).to.equal('live');
    expect(await page.locator('h1').textContent()).to.equal('rxnetlink router, namespace blue');
    expect(await page.locator('[role=tab]').allTextContents()).to.deep.equal(['Links 4', 'Addresses 1', 'Routes 0', 'Neighbours 0']);
    expect(await rowNames(page)).to.deep.equal(['veth2', 'veth0', 'br0', 'veth1']);
    expect(await page.locator('tbody tr').nth(1).locator('td').allTextContents()).to.deep.equal([
      '5.00 kB/s',
      '100 B/s',
      'veth',
      'up',
      '1500',
      'br0',
      '02:00:00:00:00:01',
      '',
    ]);
    expect(await page.locator('#plotted').textContent()).to.equal('veth2, the busiest link');
    expect(await page.locator('#figures').textContent()).to.equal('Received 20.0 kB/s, at most 20.0 kB/sSent 100 B/s, at most 100 B/s');
    expect(await page.locator('#topology svg').getAttribute('aria-label')).to.include('bridge br0 has the ports veth0, veth1.');
    await page.getByRole('tab', { name: 'Neighbours' }).click();
    // The page draws in its next frame.
    await page.locator('#fault', { hasText: /^the kernel denied it$/ }).waitFor();
    expect(opened.faults).to.deep.equal([]);
  });

  it('changes the cells of a row, moves rows, and keeps their elements', async () => {
    const page = await open();
    await page.evaluate(`for (const row of document.querySelectorAll('tbody tr')) row.before_ = row.firstChild.textContent`);
    stream.send('diff', {
      table: 'links',
      rows: [['1', null], link(3, 'veth1', 'testing'), link(9, 'aaa')],
      total: 4,
      matching: 4,
    });
    stream.send('rates', [['3', 90_000, 5]]);
    await page.locator('td[data-state=testing]').waitFor();
    await page.locator('tbody th', { hasText: 'aaa' }).waitFor();
    const rows = await page.evaluate(
      `[...document.querySelectorAll('tbody tr')].map((row) => row.firstChild.textContent + ' ' + (row.before_ ?? 'new')).sort()`,
    );
    expect(rows).to.deep.equal(['aaa new', 'veth0 veth0', 'veth1 veth1', 'veth2 veth2']);
    expect((await rowNames(page))[0]).to.equal('veth1');
  });

  it('has four stops of the Tab key: the skip link, the filter, the tab and the table', async () => {
    const page = await open();
    const stops: string[] = [];
    for (let stop = 0; stop < 5; stop++) {
      await page.keyboard.press('Tab');
      stops.push(await page.evaluate<string>(`document.activeElement.id || document.activeElement.className || 'body'`));
    }
    expect(stops.slice(0, 4)).to.deep.equal(['skip', 'filter', 'tab-links', 'rows']);
    expect(stops[4]).to.equal('body');
    await page.locator('.skip').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.locator('tr.current th', { hasText: /^veth2$/ }).waitFor();
  });

  it('moves among tabs by arrows, Home and End', async () => {
    const page = await open();
    const opened = async (key: string): Promise<string | null> => {
      await page.keyboard.press(key);
      return page.locator('[role=tab][aria-selected=true]').getAttribute('id');
    };
    await page.locator('#tab-links').focus();
    expect(await opened('ArrowRight')).to.equal('tab-addresses');
    expect(await rowNames(page)).to.deep.equal(['br0']);
    expect(await opened('End')).to.equal('tab-neighbours');
    expect(await opened('ArrowRight')).to.equal('tab-links');
    expect(await opened('ArrowLeft')).to.equal('tab-neighbours');
    expect(await opened('Home')).to.equal('tab-links');
    expect(await page.locator('[role=tab][tabindex="0"]').count()).to.equal(1);
    expect(await page.evaluate('document.activeElement.id')).to.equal('tab-links');
  });

  it('plots the link that the reader chooses by keys, until the button follows the busiest one again', async () => {
    const page = await open();
    await page.locator('#rows').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.locator('#announced', { hasText: /^veth0, row 2 of 4$/ }).waitFor({ state: 'attached' });
    await page.keyboard.press('Enter');
    await page.locator('#plotted').getByText('veth0', { exact: true }).waitFor();
    stream.send('rates', [['4', 9_000_000, 1]]);
    await page.locator('td.rate', { hasText: '9.00 MB/s' }).waitFor();
    expect(await page.locator('#plotted').textContent()).to.equal('veth0');
    expect(await page.locator('.chip.chosen text').textContent()).to.equal('veth0');
    await page.getByRole('button', { name: 'Follow the busiest link' }).click();
    await page.locator('#plotted').getByText('veth2, the busiest link').waitFor();
  });

  it('reports a lost connection with the time of the last event, and that it is live again', async () => {
    const page = await open();
    const port = Number(new URL(address).port);
    await stream.close();
    const state = page.locator('#state');
    await state.getByText(/^not connected, what you see is from \d\d:\d\d:\d\d$/).waitFor();
    expect(await state.getAttribute('role')).to.equal('status');
    expect(await rowNames(page)).to.have.lengthOf(4);
    await keepPicture(page, 'not-connected');
    stream = new FakeStream((send) => {
      send('all', { table: 'links', rows: [link(7, 'after')], total: 1, matching: 1 });
    });
    await stream.listen(port);
    await state.getByText('live', { exact: true }).waitFor();
    await page.locator('tbody th', { hasText: 'after' }).waitFor();
    expect(await rowNames(page)).to.deep.equal(['after']);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has no finding of axe, ${colorScheme}`, async () => {
      const page = await open({ colorScheme });
      expect(await findings(page)).to.deep.equal([]);
      await page.locator('#rows').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('tab', { name: 'Neighbours' }).click();
      expect(await findings(page)).to.deep.equal([]);
    });
  }

  it('fits 360 pixels in one column, and has two columns from 800 pixels', async () => {
    const page = await open({ viewport: { width: 360, height: 740 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(360);
    const left = async (): Promise<number[]> =>
      Promise.all(['.traffic', '.topology'].map(async (part) => (await page.locator(part).boundingBox())!.x));
    const [traffic, topology] = await left();
    expect(traffic).to.equal(topology);
    await keepPicture(page, 'phone');
    await page.setViewportSize({ width: 800, height: 700 });
    expect((await left())[1]).to.be.above(380);
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(800);
    const canvas = page.locator('#plot canvas');
    expect((await canvas.boundingBox())!.width).to.be.below(400);
  });

  it('has 300 rows of 10,000 links, and asks the server for those that match a filter', async () => {
    const count = 10_000;
    await stream.close();
    const all = Array.from({ length: count }, (_, index) => link(index, `veth${index}`, index % 3 === 0 ? 'down' : 'up'));
    const nodes = all.map(([id, cells], index) => {
      const node = { id, name: String(cells![0]), kind: 'veth', namespace: 'n1', state: String(cells![2]) };
      return index % 100 === 0 ? { ...node, kind: 'bridge' } : { ...node, master: String(index - (index % 100)) };
    });
    stream = new FakeStream((send, query) => {
      const matching = all.filter(([, cells]) => String(cells![0]).includes(query.get('filter.links') ?? ''));
      send('all', { table: 'links', rows: matching.slice(0, 2000), total: count, matching: matching.length });
      send('topology', { namespaces: [{ id: 'n1', name: 'blue' }], nodes: nodes.slice(0, 2000), edges: [] });
      send('rates', rates);
    });
    address = await stream.listen();
    const page = await open();
    expect(await page.locator('tbody tr').count()).to.equal(300);
    expect(await page.locator('#shown').textContent()).to.equal('300 of 10,000 shown, filter to see others');
    expect(await page.locator('#tab-links').textContent()).to.equal('Links 10,000');
    // The last links are not among the 2,000 that the page has.
    await page.locator('#filter').fill('veth999');
    await page.locator('tbody th', { hasText: 'veth9999' }).waitFor();
    expect(stream.queries).to.deep.equal(['', '?filter.links=veth999']);
    expect(await rowNames(page)).to.have.lengthOf(11);
    expect(await page.locator('#tab-links').textContent()).to.equal('Links 11 of 10,000');
    await page.locator('#filter').fill('');
    await page.locator('tbody tr').nth(299).waitFor();
    expect(stream.queries).to.deep.equal(['', '?filter.links=veth999', '']);
    for (let second = 0; second < 20; second++)
      stream.send(
        'rates',
        all.slice(second * 10, second * 10 + 2000).map(([key]) => [key, second * 100, 7]),
      );
    await page.locator('td.rate', { hasText: '1.90 kB/s' }).first().waitFor();
    expect(await countNodes(page)).to.be.below(8000);
    await keepPicture(page, 'ten-thousand-links');
    expect(opened.faults).to.deep.equal([]);
  });
});
