import { createServer, type Server } from 'node:http';
import { expect } from 'chai';
import { serve, type Served } from '../../dashboard/served.js';
import { Chromium } from './browser.js';

describe('the login of the dashboard in Chromium', function () {
  this.timeout(60_000);
  const browser = Chromium.use();
  let served: Served;
  let mail: Server;
  let mailAddress: string;
  /** The path of the page to which the mail leads. */
  let linked: string;

  beforeEach(async () => {
    served = await serve();
    linked = '/';
    // `localhost` and `127.0.0.1` are two sites, as a mail of the web and the dashboard are.
    mail = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html');
      const { origin } = new URL(served.addresses[0]!);
      response.end(
        `<link rel="icon" href="data:,"><a id="login" href="${served.addresses[0]!}">login</a> <a id="page" href="${origin}${linked}">page</a>`,
      );
    });
    await new Promise<void>((resolve) => mail.listen(0, 'localhost', resolve));
    mailAddress = `http://localhost:${String((mail.address() as { readonly port: number }).port)}/`;
  });
  afterEach(() => {
    mail.close();
    mail.closeAllConnections();
    served.close();
  });

  /** The address of the page: its path is another one after each login. */
  const home = () => new RegExp(`^${new URL(served.addresses[0]!).origin}(/[\\w-]{32}/)$`);
  const openPage = async () => {
    const { page } = await browser.open(served.addresses[0]!);
    await page.waitForURL(home());
    return { page, path: home().exec(page.url())![1]! };
  };

  it('leads to the page after a link of another site, and takes the token out of the address', async () => {
    const { page } = await browser.open(mailAddress);
    await page.locator('#login').click();
    await page.waitForURL(home());
    expect(await page.title()).to.equal('page');
    await page.reload();
    expect(await page.title()).to.equal('page');
    await page.context().close();
  });

  it('leads to the page after the address was entered, and keeps the cookie from scripts', async () => {
    const { page, path } = await openPage();
    expect(await page.title()).to.equal('page');
    expect(await page.evaluate('document.cookie')).to.equal('');
    const [cookie] = await page.context().cookies();
    expect(cookie).to.include({ httpOnly: true, sameSite: 'Strict', domain: '127.0.0.1', path });
    await page.context().close();
  });

  it('refuses a link of another site to the page itself, also with a login', async () => {
    const { page, path } = await openPage();
    expect(await page.title()).to.equal('page');
    linked = path;
    await page.goto(mailAddress);
    const [response] = await Promise.all([
      page.waitForResponse((each) => each.url().startsWith('http://127.0.0.1')),
      page.locator('#page').click(),
    ]);
    expect(response.status()).to.equal(403);
    await page.context().close();
  });

  it('keeps the cookie from servers at other ports, unless they know the path', async () => {
    const received = new Map<string, string | undefined>();
    const other = createServer((request, response) => {
      received.set(request.url!, request.headers.cookie);
      response.end();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    try {
      const { page, path } = await openPage();
      const { port } = other.address() as { readonly port: number };
      for (const each of ['/', '/login', '/events', path]) await page.goto(`http://127.0.0.1:${String(port)}${each}`);
      const names = ['/', '/login', '/events', path].map((each) => received.get(each)?.split('=')[0]);
      expect(names).to.deep.equal([undefined, undefined, undefined, `rxnetlink-${String(served.port)}`]);
      await page.context().close();
    } finally {
      other.close();
      other.closeAllConnections();
    }
  });
});
