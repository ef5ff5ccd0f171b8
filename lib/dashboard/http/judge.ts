import { refuse, type Rejection, type RequestHead } from '../../http/index.js';
import { ASSETS, type Asset } from './assets.js';
import type { Login, Logins } from './logins.js';

/** The decision about a request. */
export type Verdict =
  | Rejection
  | { readonly do: 'log in'; readonly login: Login }
  | { readonly do: 'send'; readonly asset: Asset }
  | { readonly do: 'stream'; readonly query: URLSearchParams }
  /** The old path of icons, which browsers ask for by themselves. */
  | { readonly do: 'send nothing' };

const HOME = '/';
const LOGIN = '/login';
const EVENTS = '/events';
const OLD_ICON = '/favicon.ico';
/** The folder of a login, and a path in it. */
const IN_FOLDER = /^\/([\w-]{32})(\/.*)$/;
const NO_LOGIN = 'Open the address that rxnetlink dashboard printed.';
const NAMES = ['127.0.0.1', 'localhost', '[::1]'];
/** Browsers omit this port in `Host`. */
const DEFAULT_PORT = 80;
/** The values of `Sec-Fetch-Site` of requests that this server's page or the person makes. */
const SITES: ReadonlySet<string> = new Set(['same-origin', 'none']);

/**
 * Returns the name of the cookie. Cookies do not distinguish ports: two dashboards of one machine have two names. The name keeps no other server
 * from receiving the cookie; its path does, which is the folder of the login.
 */
export function cookieName(port: number): string {
  return `rxnetlink-${String(port)}`;
}

/** Decides about a request to the server at a port. The order is that of what a stranger may learn. */
export function judge({ method, url = '', headers }: RequestHead, port: number, logins: Logins): Verdict {
  // Another name in `Host` is one that an attacker lets resolve to this machine (DNS rebinding).
  const isOwn = NAMES.some((name) => headers.host === `${name}:${String(port)}` || (port === DEFAULT_PORT && headers.host === name));
  if (!isOwn) return refuse(421, `This server is http://127.0.0.1:${String(port)} only.`);
  if (method !== 'GET') return refuse(405, 'This server only answers GET.', { Allow: 'GET' });
  const [whole, query] = partsOf(url);
  if (whole === LOGIN) return logIn(query.get('token'), logins);
  if (whole === OLD_ICON) return { do: 'send nothing' };
  if (whole === HOME) return refuse(401, NO_LOGIN);
  const [, folder = '', path = ''] = IN_FOLDER.exec(whole) ?? [];
  const asset = Object.hasOwn(ASSETS, path) ? ASSETS[path] : undefined;
  if (asset === undefined && path !== EVENTS) return refuse(404, 'There is no such page.');
  const site = headers['sec-fetch-site'];
  if (site !== undefined && !(typeof site === 'string' && SITES.has(site)))
    return refuse(403, 'Another site may not ask this server. Enter its address in the browser.');
  const secret = cookieOf(headers.cookie, cookieName(port));
  if (secret === undefined) return refuse(401, NO_LOGIN);
  if (!logins.has({ folder, secret }))
    return refuse(403, 'This login is no longer valid. Open the address that rxnetlink dashboard printed last.');
  return asset === undefined ? { do: 'stream', query } : { do: 'send', asset };
}

/** A link in a mail or a chat is followed across sites: the login is open to all of them, and worth nothing without a token. */
function logIn(token: string | null, logins: Logins): Verdict {
  if (token === null) return refuse(401, 'The token is missing. Open the address that rxnetlink dashboard printed.');
  const login = logins.exchange(token);
  if (login === undefined) return refuse(403, 'A token is valid for one login. Open the address that rxnetlink dashboard printed last.');
  return { do: 'log in', login };
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
