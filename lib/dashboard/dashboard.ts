import { Observable } from 'rxjs';
import { answer } from './http/answer.js';
import { listen, type Listening } from './http/listen.js';
import { Logins } from './http/logins.js';
import { HostPages, type HostData } from './streams/host-pages.js';
import type { PageData } from './streams/pages.js';

/** The options of a server. */
export interface DashboardOptions extends PageData {
  /** The port at the loopback; 0 for one that is free. */
  readonly port: number;
  /** The folder with the files of the page. */
  readonly assets: URL;
  /** The logins; new ones if omitted. A server that takes the place of another one keeps its browsers with those of that one. */
  readonly logins?: Logins;
  /** Of a fleet: the data of pages that show one of its hosts. */
  readonly dataOf?: HostData;
}

/**
 * Serves the dashboard at the loopback until it is unsubscribed from. Emits the address that a browser can log in with: one when the server
 * listens, and another one after each login.
 */
export function dashboard({ port, assets, logins = new Logins(), dataOf, ...data }: DashboardOptions): Observable<string> {
  return new Observable((subscriber) => {
    const pages = new HostPages(data, dataOf);
    let server: Listening | undefined;
    const close = (): void => {
      pages.close();
      server?.close();
    };
    const print = (at: number): void => subscriber.next(`http://127.0.0.1:${String(at)}/login?token=${logins.token}`);
    const start = async (): Promise<void> => {
      server = await listen(port, (at) => (request, response) => {
        answer(request, response, at, { logins, pages, assets, onLogin: () => print(at) }).catch(() => response.destroy());
      });
      if (subscriber.closed) close();
      else print(server.port);
    };
    start().catch((error: unknown) => subscriber.error(error));
    return close;
  });
}
