import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { allPages } from '../stage-pages.mjs';
import { findChromium, serveSite } from './browser.mjs';
import { QUESTIONS } from './questions.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const { guide, contributing } = allPages();
/** One page of each kind: axe takes seconds for a long page. */
const SAMPLES = ['/', ...['first-steps', 'network', 'command', 'families', 'benchmark', 'contributing/debug'].map((to) => `/${to}.html`)];
const API = ['/api/index.html', '/api/modules/network.html'];
const paths = ['/', ...[...guide, ...contributing].map(({ to }) => `/${to}.html`), ...API];

describe('pages of the site in Chromium', function () {
  this.timeout(300_000);
  let server;
  let browser;
  before(async function () {
    const executablePath = findChromium();
    if (executablePath === undefined) {
      // The report of the gate names the program.
      const skip = { skipReason: 'not installed: chromium', missingPrograms: ['chromium'] };
      this.test.parent.eachTest((test) => Object.assign(test, skip));
      this.skip();
    }
    server = await serveSite();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Opens a page, calls a function with it, and returns what the console and the network reported. */
  async function visit(path, options, act) {
    const page = await browser.newPage(options);
    const reports = [];
    page.on('console', (message) => message.type() === 'error' && reports.push(`${path}: ${message.text()}`));
    page.on('pageerror', (error) => reports.push(`${path}: ${error.message}`));
    page.on(
      'request',
      (request) =>
        request.url().startsWith(server.origin) || request.url().startsWith('data:') || reports.push(`${path} asks ${request.url()}`),
    );
    await page.goto(server.origin + path, { waitUntil: 'load' });
    await page.waitForFunction(() => document.fonts.status === 'loaded');
    await act(page, reports);
    await page.close();
    return reports;
  }

  const findings = async (page, path) => {
    await page.addScriptTag({ path: axe });
    // The navigation of TypeDoc has a link within the switch of each group.
    const rules = path.startsWith('/api/') ? { 'nested-interactive': { enabled: false } } : {};
    const { violations } = await page.evaluate((options) => globalThis.axe.run(document, options), { resultTypes: ['violations'], rules });
    return violations.map(({ id, nodes }) => `${path}: ${id}: ${nodes.length}, the first: ${nodes[0].html.slice(0, 160)}`);
  };

  it('fit 360 pixels, with no error in the console and no request elsewhere', async () => {
    const faults = [];
    for (const path of paths) {
      const reports = await visit(path, { viewport: { width: 360, height: 740 } }, async (page, reports) => {
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > 360) reports.push(`${path} is ${width} pixels wide`);
      });
      faults.push(...reports);
    }
    assert.deepEqual(faults, []);
  });

  for (const colorScheme of ['light', 'dark']) {
    it(`have no finding of axe, ${colorScheme}`, async () => {
      const faults = [];
      for (const path of [...SAMPLES, ...API]) {
        await visit(path, { viewport: { width: 1280, height: 900 }, colorScheme }, async (page) =>
          faults.push(...(await findings(page, path))),
        );
      }
      assert.deepEqual(faults, []);
    });
  }

  /** Opens the search. The page ignores the keys until its script runs, which is after the event `load`. */
  async function openSearch(page) {
    const input = page.locator('.VPLocalSearchBox input');
    const limit = performance.now() + 60_000;
    while (!(await input.isVisible())) {
      if (performance.now() > limit) throw new Error('the search does not open within a minute');
      await page.keyboard.press('Control+k');
      await input.waitFor({ timeout: 1000 }).catch(() => undefined);
    }
  }

  it('answer the questions of newcomers among the first three results of the search', async () => {
    const faults = [];
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(`${server.origin}/first-steps.html`);
    for (const [question, answers] of QUESTIONS) {
      await openSearch(page);
      await page.fill('.VPLocalSearchBox input', question);
      await page.waitForFunction((text) => document.querySelector('.VPLocalSearchBox input').value === text, question);
      await page.waitForTimeout(700);
      const results = await page.$$eval('.VPLocalSearchBox .result', (found) =>
        found.slice(0, 3).map((result) => result.getAttribute('href')),
      );
      if (!results.some((result) => answers.some((answer) => result.startsWith(`/${answer}.html`))))
        faults.push(`${question}: ${results.join(' ')}`);
      await page.keyboard.press('Escape');
    }
    assert.deepEqual(faults, []);
  });
});
