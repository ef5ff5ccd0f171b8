import type { IncomingHttpHeaders } from 'node:http';
import { ASSETS, type Asset } from './assets.js';
import type { Logins } from './logins.js';

/** The part of a request that decides about it. */
export interface RequestHead {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** The decision about a request. */
export type Verdict =
  | { readonly do: 'refuse'; readonly status: number; readonly text: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly do: 'log in'; readonly secret: string }
  | { readonly do: 'send'; readonly asset: Asset }
  | { readonly do: 'stream'; readonly query: URLSearchParams }
  /** The old path of icons, which browsers ask for by themselves. */
  | { readonly do: 'send nothing' };

const LOGIN = '/login';
const EVENTS = '/events';
const OLD_ICON = '/favicon.ico';
/** The values of `Sec-Fetch-Site` of requests that this server's page or the person makes. */
const SITES: ReadonlySet<string> = new Set(['same-origin', 'none']);

/** Returns the name of the cookie: cookies do not distinguish ports, and other servers of this machine have the same host. */
export function cookieName(port: number): string {
  return `rxnetlink-${String(port)}`;
}

/** Decides about a request to the server at a port. The order is that of what a stranger may learn. */
export function judge({ method, url = '', headers }: RequestHead, port: number, logins: Logins): Verdict {
  // Another name in `Host` is one that an attacker lets resolve to this machine (DNS rebinding).
  if (!['127.0.0.1', 'localhost', '[::1]'].some((name) => headers.host === `${name}:${String(port)}`))
    return refuse(421, `This server is http://127.0.0.1:${String(port)} only.`);
  if (method !== 'GET') return refuse(405, 'This server only answers GET.', { Allow: 'GET' });
  const [path, query] = partsOf(url);
  if (path === LOGIN) return logIn(query.get('token'), logins);
  if (path === OLD_ICON) return { do: 'send nothing' };
  const asset = Object.hasOwn(ASSETS, path) ? ASSETS[path] : undefined;
  if (asset === undefined && path !== EVENTS) return refuse(404, 'There is no such page.');
  const site = headers['sec-fetch-site'];
  if (site !== undefined && !(typeof site === 'string' && SITES.has(site)))
    return refuse(403, 'Another site may not ask this server. Enter its address in the browser.');
  const secret = cookieOf(headers.cookie, cookieName(port));
  if (secret === undefined) return refuse(401, 'Open the address that rxnetlink dashboard printed.');
  if (!logins.has(secret)) return refuse(403, 'This login is no longer valid. Open the address that rxnetlink dashboard printed last.');
  return asset === undefined ? { do: 'stream', query } : { do: 'send', asset };
}

/** A link in a mail or a chat is followed across sites: the login is open to all of them, and worth nothing without a token. */
function logIn(token: string | null, logins: Logins): Verdict {
  if (token === null) return refuse(401, 'The token is missing. Open the address that rxnetlink dashboard printed.');
  const secret = logins.exchange(token);
  if (secret === undefined) return refuse(403, 'A token is valid for one login. Open the address that rxnetlink dashboard printed last.');
  return { do: 'log in', secret };
}

function refuse(status: number, text: string, headers?: Readonly<Record<string, string>>): Verdict {
  return { do: 'refuse', status, text, ...(headers && { headers }) };
}

function partsOf(url: string): readonly [path: string, query: URLSearchParams] {
  const at = url.indexOf('?');
  return at < 0 ? [url, new URLSearchParams()] : [url.slice(0, at), new URLSearchParams(url.slice(at + 1))];
}

function cookieOf(cookies: string | undefined, name: string): string | undefined {
  for (const cookie of (cookies ?? '').split(';')) {
    const [key, value] = cookie.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}
