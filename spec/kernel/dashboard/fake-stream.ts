import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DashboardEvents, Hello, TableHead } from '../../../lib/dashboard/protocol.js';

/** The folder of the built page. */
const page: string = fileURLToPath(new URL('../../../dist/dashboard/page', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '/index.html': 'text/html; charset=utf-8',
  '/page.js': 'text/javascript',
  '/page.css': 'text/css',
  '/favicon.svg': 'image/svg+xml',
};

/** The policy of the server of the dashboard. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const column = (title: string, numeric = false): TableHead['columns'][number] => ({
  name: title.toLowerCase(),
  title,
  ...(numeric ? { numeric: true } : {}),
});

/** The tables of a stream for specs. */
export const TABLES: readonly TableHead[] = [
  {
    name: 'links',
    title: 'Links',
    columns: [column('Name'), column('Kind'), column('State'), column('MTU', true), column('Master'), column('MAC'), column('Addresses')],
  },
  { name: 'addresses', title: 'Addresses', columns: [column('Link'), column('Address'), column('Scope')] },
  { name: 'routes', title: 'Routes', columns: [column('To'), column('Via'), column('Link'), column('Metric', true)] },
  { name: 'neighbours', title: 'Neighbours', columns: [column('Address'), column('MAC'), column('Link'), column('State')] },
];

/** A server that sends the page and events of a spec: for tables that no kernel has. */
export class FakeStream {
  /** The queries of the streams that were opened, the oldest first. */
  readonly queries: string[] = [];
  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();
  readonly #greet: (send: FakeStream['send'], query: URLSearchParams) => void;

  /**
   * @param greet - Sends the first events of a stream, after `hello`.
   */
  constructor(greet: (send: FakeStream['send'], query: URLSearchParams) => void) {
    this.#greet = greet;
    this.#server = createServer((request, response) => {
      const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://page');
      if (pathname === '/events') return this.#open(response, search, searchParams);
      const file = pathname === '/' ? '/index.html' : pathname;
      const type = TYPES[file];
      if (type === undefined) return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY });
      response.end(readFileSync(join(page, file)));
    });
  }

  /** Listens on a port of loopback. */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The number of streams that are open. */
  get open(): number {
    return this.#streams.size;
  }

  /** Sends an event to all streams. */
  send<Name extends keyof DashboardEvents>(name: Name, data: DashboardEvents[Name]): void {
    for (const stream of this.#streams) write(stream, name, data);
  }

  /** Ends all streams, and listens no more. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #open(response: ServerResponse, search: string, query: URLSearchParams): void {
    this.queries.push(decodeURIComponent(search));
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#streams.add(response);
    response.once('close', () => this.#streams.delete(response));
    const hello: Hello = { version: '0.0.0', host: 'router', namespace: 'blue', tables: TABLES };
    write(response, 'hello', hello);
    this.#greet((name, data) => write(response, name, data), query);
  }
}

function write(stream: ServerResponse, name: string, data: unknown): void {
  stream.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
