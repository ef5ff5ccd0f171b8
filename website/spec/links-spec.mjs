import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileOf, site } from './browser.mjs';

const pages = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
const textOf = (name) => readFileSync(join(site, name), 'utf8');
const unescape = (text) => text.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"');

/** The addresses that a page links to or loads. */
const addressesIn = (text) => [...text.matchAll(/\s(?:href|src)="([^"]+)"/g)].map(([, address]) => unescape(address));

describe('links of the site', function () {
  this.timeout(120_000);

  it('name pages and places that exist', () => {
    const anchors = new Map();
    const anchorsOf = (file) => {
      if (!anchors.has(file))
        anchors.set(file, new Set([...readFileSync(file, 'utf8').matchAll(/\sid="([^"]+)"/g)].map(([, id]) => unescape(id))));
      return anchors.get(file);
    };
    const broken = [];
    let links = 0;
    for (const page of pages) {
      for (const address of addressesIn(textOf(page))) {
        if (/^(?:[a-z]+:|\/\/)/i.test(address)) continue;
        links++;
        const [path, anchor] = address.split('#');
        const place = path === '' ? `/${page}` : posix.resolve(`/${posix.dirname(page)}`, path.split('?')[0]);
        const file = fileOf(place);
        if (file === undefined) broken.push(`${page}: ${address}`);
        // TypeDoc makes the entries of its navigation by a script.
        else if (anchor && !page.startsWith('api/') && file.endsWith('.html') && !anchorsOf(file).has(decodeURIComponent(anchor)))
          broken.push(`${page}: ${address}, no such place`);
      }
    }
    assert.deepEqual(broken, []);
    assert.ok(links > 10_000, `${links} links`);
  });

  it('load nothing from elsewhere', () => {
    const elsewhere = pages.flatMap((page) =>
      [...textOf(page).matchAll(/<(?:script|link|img|iframe)\b[^>]*\s(?:src|href)="((?:https?:)?\/\/[^"]+)"/g)].map(
        ([, address]) => `${page}: ${address}`,
      ),
    );
    assert.deepEqual(elsewhere, []);
  });
});
