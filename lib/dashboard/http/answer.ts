import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HostPages } from '../streams/host-pages.js';
import type { Pages } from '../streams/pages.js';
import { readAsset } from './assets.js';
import { HEADERS } from './headers.js';
import { cookieName, judge, type Verdict } from './judge.js';
import type { Logins } from './logins.js';

/** The parts of a server that answer requests. */
export interface AnswerContext {
  readonly logins: Logins;
  readonly pages: HostPages;
  /** The folder with the files of the page. */
  readonly assets: URL;
  /** Called after a login, when another token is valid. */
  readonly onLogin: () => void;
}

const TEXT = 'text/plain; charset=utf-8';
/** A stranger's connection takes a place of the owner's. */
const CLOSE = { Connection: 'close' };
const HTML = 'text/html; charset=utf-8';

/**
 * A page with a way on, and no redirect: the browser counts a redirect as a part of the navigation that began it, so after a link in a mail
 * it would be refused as a request of another site.
 */
const loggedIn = (path: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="refresh" content="0; url=${path}" />
    <title>rxnetlink dashboard</title>
  </head>
  <body>
    <p><a href="${path}">Open the dashboard</a></p>
  </body>
</html>
`;

/** Answers a request to the server at a port. */
export async function answer(request: IncomingMessage, response: ServerResponse, port: number, context: AnswerContext): Promise<void> {
  // The browser may end the connection at any time.
  response.on('error', () => undefined);
  const verdict = judge(request, port, context.logins);
  switch (verdict.do) {
    case 'refuse':
      send(response, verdict.status, TEXT, `${verdict.text}\n`, { ...verdict.headers, ...CLOSE });
      return;
    case 'log in': {
      const { folder, secret } = verdict.login;
      const path = `/${folder}/`;
      const cookie = `${cookieName(port)}=${secret}; HttpOnly; SameSite=Strict; Path=${path}`;
      send(response, 200, HTML, loggedIn(path), { 'Set-Cookie': cookie });
      context.onLogin();
      return;
    }
    case 'send nothing':
      response.writeHead(204, HEADERS).end();
      return;
    case 'send': {
      const { asset } = verdict;
      const contents = await readAsset(asset, context.assets);
      if (contents === undefined) send(response, 404, TEXT, `The package lacks the file ${asset.file}.\n`);
      else send(response, 200, asset.type, contents);
      return;
    }
    case 'stream':
      stream(response, verdict, context.pages.of(verdict.query.get('host')), context.pages.isFull);
  }
}

function stream(
  response: ServerResponse,
  { query }: Extract<Verdict, { readonly do: 'stream' }>,
  pages: Pages | undefined,
  isFull: boolean,
): void {
  // A response that waits for another one on its connection (pipelining) has no event when the connection ends.
  if (response.socket === null) {
    send(response, 400, TEXT, 'A stream needs a connection of its own.\n', CLOSE);
    return;
  }
  if (pages === undefined) {
    send(response, 404, TEXT, 'This server has no such host.\n', CLOSE);
    return;
  }
  if (isFull) {
    send(response, 503, TEXT, 'Too many pages are open: close one of them.\n', { 'Retry-After': '5', ...CLOSE });
    return;
  }
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' });
  const close = pages.open(response, (table) => query.get(`filter.${table}`) ?? '');
  response.on('close', close);
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...HEADERS, ...headers, 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
