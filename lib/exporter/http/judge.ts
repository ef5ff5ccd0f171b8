import { refuse, type Rejection, type RequestHead } from '../../http/index.js';
import { isIP } from 'node:net';

/** The decision about a request. */
export type Verdict =
  | Rejection
  /** The answer to HEAD has the headers only, and nothing is read for it. */
  | { readonly do: 'send head' }
  | { readonly do: 'send metrics' };

/** The path of the metrics: scrapers ask for it if they are not configured otherwise. */
export const PATH = '/metrics';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/** The values of `Sec-Fetch-Site` of requests that a person makes. Scrapers do not send this header. */
const SITES: ReadonlySet<unknown> = new Set([undefined, 'same-origin', 'none']);
/** A host name or an address, and a port. */
const HOST = /^(?:\[(?<bracketed>[^\]]*)\]|(?<plain>[^:]*))(?::\d{1,5})?$/;

/**
 * Decides about a request.
 *
 * @param isLoopback - The server listens at the loopback. A name in `Host` is then one that an attacker lets resolve to this machine (DNS
 * rebinding), except `localhost`. An address cannot be such a name. The port is not compared, because `ssh -L` changes it.
 */
export function judge({ method = '', url = '', headers }: RequestHead, isLoopback: boolean): Verdict {
  if (isLoopback && !isOwn(headers.host ?? '')) return refuse(421, 'Use an address, or localhost, in place of this host name.');
  if (!METHODS.has(method)) return refuse(405, 'This server only answers GET and HEAD.', { Allow: [...METHODS].join(', ') });
  if (!SITES.has(headers['sec-fetch-site'])) return refuse(403, 'Another site may not ask this server.');
  if (url.replace(/\?.*$/s, '') !== PATH) return refuse(404, `There is no such page. The metrics are at ${PATH}.`);
  return { do: method === 'HEAD' ? 'send head' : 'send metrics' };
}

function isOwn(host: string): boolean {
  const { bracketed, plain = '' } = HOST.exec(host)?.groups ?? {};
  return bracketed === undefined ? plain.toLowerCase() === 'localhost' || isIP(plain) === 4 : isIP(bracketed) === 6;
}
