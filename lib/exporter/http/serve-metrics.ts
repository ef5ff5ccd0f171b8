import type { ServerResponse } from 'node:http';
import { Observable, share } from 'rxjs';
import { CONTENT_TYPE } from '../text/metrics-text.js';
import { judge, PATH } from './judge.js';
import { isLoopback, listen, placeText, type Listening, type Place } from './listen.js';

/** The headers of every response: no browser may interpret or embed it. */
const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

const PLAIN = 'text/plain; charset=utf-8';

/**
 * Serves metrics until it is unsubscribed from. Emits the address of the metrics when the server listens.
 *
 * @param metrics - Reads the metrics and emits their text. Requests at the same time share one reading, which ends with the last of their connections.
 */
export function serveMetrics(place: Place, metrics: Observable<string>): Observable<string> {
  return new Observable((subscriber) => {
    const shared = metrics.pipe(share());
    const isLocal = isLoopback(place.address);
    let server: Listening | undefined;
    const close = (): void => server?.close();
    const start = async (): Promise<void> => {
      server = await listen(place, (request, response) => {
        // The scraper may end the connection at any time.
        response.on('error', () => undefined);
        const verdict = judge(request, isLocal);
        if (verdict.do === 'send metrics') sendMetrics(response, shared);
        else if (verdict.do === 'send head') response.writeHead(200, { ...HEADERS, 'Content-Type': CONTENT_TYPE }).end();
        else send(response, verdict.status, PLAIN, `${verdict.text}\n`, { ...verdict.headers, Connection: 'close' });
      });
      if (subscriber.closed) close();
      else subscriber.next(`http://${placeText({ ...place, port: server.port })}${PATH}`);
    };
    start().catch((error: unknown) => subscriber.error(error));
    return close;
  });
}

function sendMetrics(response: ServerResponse, metrics: Observable<string>): void {
  const reading = metrics.subscribe({
    next: (text) => send(response, 200, CONTENT_TYPE, text),
    error: (error: unknown) => send(response, 500, PLAIN, `${error instanceof Error ? error.message : String(error)}\n`),
  });
  response.on('close', () => {
    reading.unsubscribe();
  });
}

function send(response: ServerResponse, status: number, type: string, body: string, headers: Readonly<Record<string, string>> = {}): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...HEADERS, ...headers, 'Content-Type': type, 'Content-Length': bytes.length });
  response.end(bytes);
}
