import type { Selector } from '../expression.js';

/** Returns the selector of libnftables-json for the name of a part: `tcp.dport`, `meta.mark`. @internal */
export function selectorOfPlain(name: string): Selector {
  const [source = '', ...rest] = name.split('.');
  const last = rest.at(-1)!;
  if (source === 'meta') return { meta: { key: last } };
  if (source === 'ct') return { ct: rest.length === 1 ? { key: last } : { key: last, dir: rest[0] as 'original' } };
  if (source === 'fib') return { fib: { result: last as 'oif', flags: rest.slice(0, -1) } };
  if (source === 'rt') return { rt: rest.length === 1 ? { key: last as 'classid' } : { key: 'nexthop', family: last as 'ip' } };
  if (source === 'socket') return { socket: { key: last as 'mark' } };
  return { payload: { protocol: source, field: last } };
}
