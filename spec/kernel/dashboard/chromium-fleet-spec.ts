import { expect } from 'chai';
import { CommandProcess } from '../cli/command.js';
import type { AgentEvent } from '../../../lib/fleet/index.js';
import { FleetKit, linkNames, type Recorded } from '../fleet/fleet-kit.js';
import { needsChildNode } from '../../support/emulator.js';
import type { Namespace } from '../../support/namespace.js';
import { Chromium, findings, keepPicture, rowNames, type OpenedPage } from './browser.js';

describe('the page of a fleet in Chromium', function () {
  this.timeout(120_000);
  const browser = Chromium.use();
  let kit: FleetKit;
  let namespace: Namespace;
  let agent: Recorded<AgentEvent>;
  let command: CommandProcess;
  let opened: OpenedPage | undefined;

  before(function () {
    needsChildNode(this);
  });
  beforeEach(async () => {
    kit = await FleetKit.create();
    namespace = kit.namespace('link add <b>0 type bridge', 'link set <b>0 up', 'address add 192.0.2.7/24 dev <b>0');
    const tables = ['links', 'addresses', 'routes', 'rules', 'neighbours'];
    agent = kit.agent(await kit.connect(), { host: 'web-1', netns: namespace.path, tables, beat: 1000 });
    kit.agent(await kit.connect(), { host: 'db-1', netns: kit.namespace('link add d2 type bridge').path, tables, beat: 1000 });
    command = new CommandProcess('dashboard', '--fleet', kit.server.url);
    await command.prints('\n');
    opened = await browser.open(/http:\S+/.exec(command.stdout)![0]);
  });
  afterEach(async () => {
    await opened?.page.context().close();
    opened = undefined;
    command?.child.kill('SIGKILL');
    await kit?.delete();
  });

  it('shows the hosts, the tables of a chosen host, and that it is silent', async () => {
    const { page, faults } = opened!;
    const row = (name: string) => page.locator('tbody tr', { has: page.locator('th', { hasText: name }) });
    await row('db-1').waitFor();
    await row('web-1').waitFor();
    expect(await rowNames(page)).to.deep.equal(['db-1', 'web-1']);
    await page.locator('[role=tab]', { hasText: 'Hosts 2' }).waitFor();
    expect(await page.locator('[role=tab]').count()).to.equal(1);
    expect(await page.locator('.traffic').isVisible()).to.equal(false);
    expect(await row('web-1').locator('[data-state]').getAttribute('data-state')).to.equal('up');

    await row('web-1').click();
    await row('<b>0').waitFor();
    await page.locator('[role=tab]', { hasText: 'Hosts 2' }).waitFor();
    expect(await page.locator('[aria-selected=true]').textContent()).to.match(/^Links /);
    expect((await rowNames(page)).toSorted()).to.deep.equal(linkNames(namespace));
    await row('<b>0').filter({ hasText: '192.0.2.7/24' }).waitFor();
    expect(await page.locator('h1').textContent()).to.match(/^rxnetlink fleet at 127\.0\.0\.1:\d+, host web-1$/);
    namespace.ip('link add d9 type bridge');
    await row('d9').waitFor();
    expect(await findings(page)).to.deep.equal([]);
    await keepPicture(page, 'fleet-host');

    agent.stop();
    await page.locator('#fault', { hasText: 'web-1 is silent' }).waitFor();
    expect((await rowNames(page)).toSorted()).to.deep.equal(linkNames(namespace));
    await page.locator('[role=tab]', { hasText: 'Hosts' }).click();
    await page.locator('[data-state=silent]').waitFor();
    await row('web-1').click();
    await row('<b>0').waitFor();
    await page.locator('[role=tab]', { hasText: 'Hosts' }).click();
    await keepPicture(page, 'fleet-hosts');

    await row('db-1').click();
    await row('d2').waitFor();
    expect((await rowNames(page)).toSorted()).to.deep.equal(['d2', 'lo']);
    expect(await page.locator('#fault').isVisible()).to.equal(false);
    expect(faults).to.deep.equal([]);
    command.child.kill('SIGINT');
    expect(await command.ended).to.deep.equal({ code: 130, signal: null });
    expect(command.stderr).to.equal('');
  });

  it('states in its header while the nats-server is not connected, and that it is live again', async () => {
    const { page } = opened!;
    const state = page.locator('#state');
    await page.locator('tbody tr', { hasText: 'web-1' }).waitFor();
    await state.getByText('live', { exact: true }).waitFor();
    await kit.server.stop();
    await state.getByText('the nats-server is not connected', { exact: true }).waitFor();
    expect(await state.getAttribute('data-state')).to.equal('lost');
    await page.locator('#fault', { hasText: 'these rows are those of before' }).waitFor();
    await kit.server.start();
    await state.getByText('live', { exact: true }).waitFor();
  });

  it('states which tables the agent of a host does not publish', async () => {
    kit.agent(await kit.connect(), { host: 'small', netns: namespace.path, tables: ['links'] });
    const { page } = opened!;
    await page.locator('tbody tr', { hasText: 'small' }).click();
    await page.locator('tbody tr', { hasText: '<b>0' }).waitFor();
    expect(await page.locator('#fault').isVisible()).to.equal(false);
    for (const name of ['Addresses', 'Routes', 'Rules', 'Neighbours']) {
      await page.locator('[role=tab]', { hasText: name }).click();
      await page.locator('#fault', { hasText: `the agent of small does not publish ${name.toLowerCase()}` }).waitFor();
      expect(await page.locator('#rows tbody tr').count()).to.equal(0);
    }
  });
});
