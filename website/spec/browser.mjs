// A web server for site/ on loopback, and Debian's Chromium.
import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const site = fileURLToPath(new URL('../../site', import.meta.url));

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.png': 'image/png',
};

/** The path of Chromium, or undefined if it is not installed. */
export function findChromium() {
  try {
    return execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** The file that a path of the site names, or undefined. */
export function fileOf(path) {
  const file = join(site, normalize(decodeURIComponent(path)));
  const candidates = [file, `${file}.html`, join(file, 'index.html')];
  return candidates.find((name) => existsSync(name) && statSync(name).isFile());
}

/** Serves the site on a free port of loopback. */
export async function serveSite() {
  const server = createServer((request, response) => {
    const file = fileOf(new URL(request.url, 'http://site').pathname);
    if (file === undefined) return void response.writeHead(404).end('not found');
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((done) => (server.closeAllConnections(), server.close(done))),
  };
}
