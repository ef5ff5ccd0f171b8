import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { Row } from '../../../lib/dashboard/protocol.js';
import { until } from '../cli/command.js';
import { Chromium, rowNames, type OpenedPage } from './browser.js';
import { FakeStream } from './fake-stream.js';

const link = (index: number, state = 'up', name = `veth${index}`): Row => [String(index), [name, 'veth', state, 1500, null, null, null]];
const links = (count: number): Row[] => Array.from({ length: count }, (_, index) => link(index, index % 2 === 0 ? 'up' : 'down'));

/** Hides the page, as another tab in front of it does. */
const setHidden = (page: Page, isHidden: boolean): Promise<void> =>
  page.evaluate(`{
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${isHidden} });
    document.dispatchEvent(new Event('visibilitychange'));
  }`);

describe('the stream of the dashboard in Chromium', function () {
  this.timeout(60_000);
  const browser = Chromium.use();
  let present: readonly Row[];
  let stream: FakeStream;
  let opened: OpenedPage | undefined;

  /** Starts a server that filters as that of the dashboard does. */
  const serve = async (port?: number): Promise<string> => {
    stream = new FakeStream((send, query) => {
      const filter = query.get('filter.links') ?? '';
      const rows = present.filter(([, cells]) => cells!.join(' ').includes(filter));
      send('all', { table: 'links', rows: rows.slice(0, 2000), total: present.length, matching: rows.length });
      send('rates', []);
    });
    return stream.listen(port);
  };
  const open = async (rows: readonly Row[]): Promise<Page> => {
    present = rows;
    opened = await browser.open(await serve());
    await opened.page.locator('tbody tr').first().waitFor();
    return opened.page;
  };
  /** Gives a link traffic, and chooses it. */
  const choose = async (page: Page, index: number): Promise<void> => {
    stream.send('rates', [
      [String(index), 20_000, 100],
      ['8', 90_000, 100],
    ]);
    await page.locator('td.rate', { hasText: '20.0 kB/s' }).waitFor();
    await page.locator('tbody th').getByText(`veth${index}`, { exact: true }).click();
    await page.locator('#plotted').getByText(`veth${index}`, { exact: true }).waitFor();
  };
  afterEach(async () => {
    // Of a skipped spec, neither exists.
    await opened?.page.context().close();
    opened = undefined;
    await stream.close();
  });

  it('asks for a filter when changes make a table larger than the page has', async () => {
    const page = await open(links(1900));
    await page.locator('#filter').fill('down');
    await page.locator('#tab-links').getByText('Links 950 of 1,900').waitFor();
    // The page does not send the filter later: it has all rows.
    await page.waitForTimeout(600);
    expect(stream.queries).to.deep.equal(['']);
    const before = present.length;
    present = links(5000);
    stream.send('diff', { table: 'links', rows: present.slice(before, 2000), total: 5000, matching: 5000 });
    await page.locator('#tab-links').getByText('Links 2,500 of 5,000').waitFor();
    expect(stream.queries).to.deep.equal(['', '?filter.links=down']);
  });

  it('keeps the choice and the traffic of a link that the filter of the server does not match any more', async () => {
    const page = await open(links(2500));
    await choose(page, 4);
    await page.locator('#filter').fill('up');
    await page.locator('#tab-links').getByText('Links 1,250 of 2,500').waitFor();
    stream.send('diff', { table: 'links', rows: [['4', null]], total: 2500, matching: 1249 });
    await page.locator('#tab-links').getByText('Links 1,249 of 2,500').waitFor();
    stream.send('rates', [['8', 7000, 1]]);
    await page.locator('td.rate', { hasText: '7.00 kB/s' }).waitFor();
    expect(await page.locator('#plotted').textContent()).to.equal('veth4');
    expect(await page.locator('#figures').textContent()).to.include('Received 0 B/s, at most 20.0 kB/s');
  });

  it('forgets a link that was deleted while the page was not connected, also for the next link with its index', async () => {
    const page = await open(links(10));
    await choose(page, 4);
    const port = Number(new URL(page.url()).port);
    await stream.close();
    await page.locator('#state[data-state=lost]').waitFor();
    present = present.filter(([key]) => key !== '4');
    await serve(port);
    await page.locator('#plotted').getByText('veth8, the busiest link').waitFor();
    expect(await page.getByRole('button', { name: 'Follow the busiest link' }).isVisible()).to.equal(false);
    stream.send('diff', { table: 'links', rows: [link(4, 'up', 'other')], total: 10, matching: 10 });
    await page.locator('tbody th').getByText('other', { exact: true }).click();
    await page.locator('#plotted').getByText('other', { exact: true }).waitFor();
    expect(await page.locator('#figures').textContent()).to.include('Received 0 B/s, at most 0 B/s');
  });

  it('ends when the page was hidden for some seconds, and begins again when it is shown', async () => {
    const page = await open(links(10));
    await setHidden(page, true);
    const beat = setInterval(() => stream.send('rates', []), 1000);
    try {
      await until(() => stream.open === 0, 'the hidden page did not close its stream');
    } finally {
      clearInterval(beat);
    }
    present = [link(7, 'up', 'after')];
    await page.locator('#filter').fill('aft');
    expect(stream.queries).to.have.lengthOf(1);
    await setHidden(page, false);
    await page.locator('tbody th').getByText('after', { exact: true }).waitFor();
    expect(await rowNames(page)).to.deep.equal(['after']);
    expect(await page.locator('#state').textContent()).to.equal('live');
    expect([stream.open, stream.queries.length]).to.deep.equal([1, 2]);
  });

  it('stays open when the page was hidden for a moment', async () => {
    const page = await open(links(10));
    await page.clock.install();
    await setHidden(page, true);
    await page.clock.runFor(4000);
    await setHidden(page, false);
    await page.clock.runFor(4000);
    expect([stream.open, stream.queries.length]).to.deep.equal([1, 1]);
  });

  it('counts as lost when the server does not answer', async () => {
    const page = await open(links(10));
    // As when the browser has no connection left: six other pages are visible.
    await page.route('**/events', () => undefined);
    await page.reload();
    await page.locator('#state').getByText('not connected', { exact: true }).waitFor();
  });
});
