import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { requirePrograms } from '../../support/programs.js';

/** The folder that keeps the pictures of a run. */
const PICTURES = fileURLToPath(new URL('../../../.cache/dashboard', import.meta.url));
const AXE: string = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** A tab of the browser, and what it reported as wrong. */
export interface OpenedPage {
  readonly page: Page;
  /** Errors of the console, of scripts and of the content security policy, and requests to other servers. */
  readonly faults: readonly string[];
}

/** Debian's Chromium for the specs of a `describe`; they are skipped if it is not installed. */
export class Chromium {
  #browser: Browser | undefined;

  /** Opens an address in a new tab with cookies of its own. */
  async open(address: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
    if (this.#browser === undefined) throw new Error('Chromium runs only while the specs of its describe run');
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    const faults: string[] = [];
    const { origin } = new URL(address);
    page.on('console', (message) => {
      // The server of a spec ends on purpose.
      const isWanted = message.text().includes('net::ERR_');
      if (['error', 'warning'].includes(message.type()) && !isWanted) faults.push(message.text());
    });
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('request', (request) => {
      if (!request.url().startsWith(`${origin}/`)) faults.push(`request to ${request.url()}`);
    });
    page.on('dialog', (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(address);
    return { page, faults };
  }

  /** Starts the browser before the specs, and ends it after them. */
  static use(): Chromium {
    const chromiumOfSpecs = new Chromium();
    before(async () => {
      requirePrograms('chromium');
      // The sandbox of Chromium needs namespaces that a root of a container cannot make.
      chromiumOfSpecs.#browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    });
    after(async () => {
      await chromiumOfSpecs.#browser?.close();
      chromiumOfSpecs.#browser = undefined;
    });
    return chromiumOfSpecs;
  }
}

/** Returns what axe finds on a page. */
export async function findings(page: Page): Promise<string[]> {
  // The policy of the page forbids scripts of others: the debugger may evaluate them.
  await page.evaluate(readFileSync(AXE, 'utf8'));
  return page.evaluate<string[]>(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
  );
}

/** Keeps a picture of a page as an artefact of the run. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** Returns the number of nodes of the document, texts included, as the browser counts them. */
export async function countNodes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  // Nodes that are not in the document any more are not collected at once.
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  return metrics.find(({ name }) => name === 'Nodes')?.value ?? Number.NaN;
}

/** Returns the names in the first column of the table. */
export function rowNames(page: Page): Promise<string[]> {
  return page.locator('tbody th').allTextContents();
}
