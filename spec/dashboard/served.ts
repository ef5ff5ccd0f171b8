import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NEVER, type Subscription } from 'rxjs';
import { dashboard, type DashboardOptions } from '../../lib/dashboard/index.js';

/** A response as it came over the wire. */
export interface RawResponse {
  readonly status: number;
  /** By lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** A browser that is logged in. */
export interface ServedLogin {
  /** The header with the cookie. */
  readonly cookie: string;
  /** The path of the cookie, below which the page is. */
  readonly path: string;
}

/** A server of the dashboard in this process. */
export interface Served {
  readonly port: number;
  /** The addresses that it has emitted. */
  readonly addresses: readonly string[];
  /** Sends a request as it is written and returns the response; the server must end the connection. */
  raw(lines: readonly string[], host?: string): Promise<RawResponse>;
  /** Sends a GET request with headers beside those that are necessary. */
  get(path: string, headers?: readonly string[]): Promise<RawResponse>;
  logIn(): Promise<ServedLogin>;
  close(): void;
}

const NOTHING = { hello: { version: '1.2.3', host: 'here', namespace: null }, tables: [], rates: NEVER, topology: NEVER };

/** Starts a server with a page of two files. */
export async function serve(options: Partial<DashboardOptions> = {}): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'rxnetlink-page-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(folder, 'page.js'), 'export {};');
  const addresses: string[] = [];
  let running: Subscription | undefined;
  await new Promise<void>((resolve, reject) => {
    running = dashboard({ ...NOTHING, port: 0, assets: pathToFileURL(`${folder}/`), ...options }).subscribe({
      next: (address) => {
        addresses.push(address);
        resolve();
      },
      error: reject,
    });
  });
  const port = Number(new URL(addresses[0]!).port);
  const served: Served = {
    port,
    addresses,
    raw: (lines, host = '127.0.0.1') => exchange(connect(port, host), lines),
    get: (path, headers = []) => served.raw([`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${String(port)}`, 'Connection: close', ...headers]),
    logIn: async () => {
      const { pathname, search } = new URL(addresses.at(-1)!);
      const { headers } = await served.get(pathname + search);
      const [, cookie, path] = /^([^;]*);.*; Path=(\S*)$/.exec(headers.get('set-cookie')!)!;
      return { cookie: `Cookie: ${cookie!}`, path: path! };
    },
    close: () => {
      running?.unsubscribe();
      rmSync(folder, { recursive: true });
    },
  };
  return served;
}

async function exchange(socket: Socket, lines: readonly string[]): Promise<RawResponse> {
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += String(chunk);
  const at = text.indexOf('\r\n\r\n');
  const [first = '', ...rest] = text.slice(0, at).split('\r\n');
  const headers = rest.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(first.split(' ')[1]), headers: new Map(headers), body: text.slice(at + 4) };
}
