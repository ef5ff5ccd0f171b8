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

  beforeEach(async () => {
    served = await serve();
    // `localhost` and `127.0.0.1` are two sites, as a mail of the web and the dashboard are.
    mail = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html');
      const { origin } = new URL(served.addresses[0]!);
      response.end(
        `<link rel="icon" href="data:,"><a id="login" href="${served.addresses[0]!}">login</a> <a id="page" href="${origin}/">page</a>`,
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

  const home = () => `${new URL(served.addresses[0]!).origin}/`;

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
    const { page } = await browser.open(served.addresses[0]!);
    await page.waitForURL(home());
    expect(await page.title()).to.equal('page');
    expect(await page.evaluate('document.cookie')).to.equal('');
    const [cookie] = await page.context().cookies();
    expect(cookie).to.include({ httpOnly: true, sameSite: 'Strict', domain: '127.0.0.1' });
    await page.context().close();
  });

  it('refuses a link of another site to the page itself, also with a login', async () => {
    const { page } = await browser.open(served.addresses[0]!);
    await page.waitForURL(home());
    expect(await page.title()).to.equal('page');
    await page.goto(mailAddress);
    const [response] = await Promise.all([
      page.waitForResponse((each) => each.url().startsWith('http://127.0.0.1')),
      page.locator('#page').click(),
    ]);
    expect(response.status()).to.equal(403);
    await page.context().close();
  });
});
