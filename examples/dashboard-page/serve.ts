import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { fromEvent, merge, share, takeUntil } from 'rxjs';
import type { Network } from 'rxnetlink/network';
import { linkEvents, rateEvents, type PageEvent } from './links.js';

/** The files by their paths. The path of a request is never joined with that of a folder. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
};

/** The page loads and runs only what this server sends, and no other site may read or embed it. */
const HEADERS = {
  'Content-Security-Policy': "default-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

/** The number of bytes that wait for a page, beyond which its stream ends. It connects again, and gets all links. */
const MOST_WAITING = 1 << 20;

/** The time in milliseconds after which a page connects again. */
const RECONNECT = 1000;

/**
 * Returns a server of the page and of its stream; it does not listen yet.
 *
 * @param every - The time in milliseconds between two readings of the counters.
 */
export function createPageServer(net: Network, every = 1000): Server {
  const events = merge(linkEvents(net), rateEvents(net, every));
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const file = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
    if (!isOwnName(request)) send(response, 421, 'This server has the names 127.0.0.1 and localhost only.\n');
    else if (request.method !== 'GET') send(response, 405, 'Only GET is possible.\n');
    else if (path === '/events') stream(response);
    else if (file === undefined) send(response, 404, 'There is no such page.\n');
    else send(response, 200, readFileSync(new URL(`page/${file[0]}`, import.meta.url)), file[1]);
  });
  // One listener for all pages: Node warns of a leak when a server has more than ten.
  const closed = fromEvent(server, 'close').pipe(share());
  return server;

  function stream(response: ServerResponse): void {
    response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' });
    response.write(`retry: ${RECONNECT}\n\n`);
    const subscription = events.pipe(takeUntil(closed)).subscribe({
      next: (event) => {
        if (response.writableLength > MOST_WAITING) response.destroy();
        else response.write(textOf(event));
      },
      error: (error: unknown) => {
        console.error((error as Error).message);
        response.end();
      },
    });
    response.once('close', () => subscription.unsubscribe());
  }
}

/** `JSON.stringify` writes no line breaks, so that one line of data is enough. */
function textOf({ name, data }: PageEvent): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Returns false for the name of another site that leads to this machine (DNS rebinding). */
function isOwnName({ headers, socket }: IncomingMessage): boolean {
  return ['127.0.0.1', 'localhost'].some((name) => headers.host === `${name}:${socket.localPort}`);
}

function send(response: ServerResponse, status: number, body: string | Buffer, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { ...HEADERS, 'Content-Type': type }).end(body);
}
