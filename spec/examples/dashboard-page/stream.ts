import { once } from 'node:events';
import { request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '../../support/sockets.js';
import type { PageEvent, Rate, Row } from '../../../examples/dashboard-page/links.js';

/** Lets a server listen at the loopback; port 0 is a free one. Returns its port. */
export async function listen(server: Server, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Ends a server, and the streams of its pages. */
export async function end(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** Sends a request without a body, and returns its response. */
export async function send(port: number, path: string, method = 'GET', host = `127.0.0.1:${port}`): Promise<IncomingMessage> {
  const sent = request({ host: '127.0.0.1', port, path, method, headers: { host }, agent: false });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

/** A client of the stream that applies its events as the page does. */
export class StreamClient {
  readonly rows: Map<number, Row> = new Map<number, Row>();
  readonly rates: Rate[][] = [];
  #names: string[] = [];
  readonly #response: IncomingMessage;

  private constructor(response: IncomingMessage) {
    this.#response = response;
    let text = '';
    response.setEncoding('utf8').on('data', (part: string) => {
      const events = (text + part).split('\n\n');
      text = events.pop()!;
      for (const event of events) this.#take(event);
    });
    response.on('error', () => undefined);
  }

  static async open(port: number): Promise<StreamClient> {
    return new StreamClient(await send(port, '/events'));
  }

  /** The names of all events except the rates. */
  get names(): readonly string[] {
    return this.#names.filter((name) => name !== 'rates');
  }

  close(): void {
    this.#response.destroy();
  }

  async hasRows(): Promise<void> {
    await until('the first event', () => this.rows.size > 0);
  }

  #take(text: string): void {
    const [, name, data] = /^event: (\w+)\ndata: (.+)$/.exec(text) ?? [];
    if (name === undefined) return;
    this.#names.push(name);
    const event = { name, data: JSON.parse(data!) as unknown } as PageEvent;
    if (event.name === 'rates') this.rates.push([...event.data]);
    if (event.name === 'gone') this.rows.delete(event.data);
    if (event.name === 'row') this.rows.set(event.data.index, event.data);
    if (event.name === 'all') {
      this.rows.clear();
      for (const row of event.data) this.rows.set(row.index, row);
    }
  }
}
