import { parseArgs } from 'node:util';

/** The options of the benchmark. */
export interface Options {
  /** The names of the rows to measure; if empty, all rows of the table. */
  readonly only: readonly string[];
  readonly routes: number;
  readonly runs: number;
  /** The runs of rows whose runs are short: other machines of the host use the cache for longer than nine of those. */
  readonly shortRuns: number;
  readonly requests: number;
  readonly events: number;
  readonly writes: number;
  readonly sockets: number;
  readonly packets: number;
  readonly million: number;
  readonly clients: number;
  readonly namespaces: number;
  readonly entries: number;
  readonly peers: boolean;
  readonly json: string | undefined;
  /** The file to read the figures from, instead of measuring. */
  readonly from: string | undefined;
  readonly docs: boolean;
  /** The file with the figures of an earlier run, for the page: a bound holds if it holds in both. */
  readonly earlier: string | undefined;
}

/** Reads the command line; throws if an option is unknown. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: '' },
      routes: { type: 'string', default: '200000' },
      runs: { type: 'string', default: '9' },
      requests: { type: 'string', default: '20000' },
      events: { type: 'string', default: '200000' },
      writes: { type: 'string', default: '40000' },
      sockets: { type: 'string', default: '10000' },
      packets: { type: 'string', default: '100000' },
      million: { type: 'string', default: '1000000' },
      clients: { type: 'string', default: '1000' },
      namespaces: { type: 'string', default: '100' },
      entries: { type: 'string', default: '1000000' },
      'no-peers': { type: 'boolean', default: false },
      json: { type: 'string' },
      from: { type: 'string' },
      docs: { type: 'boolean', default: false },
      earlier: { type: 'string' },
    },
  });
  return {
    only: values.only.split(',').filter((name) => name !== ''),
    routes: natural('routes', values.routes),
    runs: natural('runs', values.runs),
    shortRuns: 3 * natural('runs', values.runs),
    requests: natural('requests', values.requests),
    events: natural('events', values.events),
    writes: natural('writes', values.writes),
    sockets: natural('sockets', values.sockets),
    packets: natural('packets', values.packets),
    million: natural('million', values.million),
    clients: natural('clients', values.clients),
    namespaces: natural('namespaces', values.namespaces),
    entries: natural('entries', values.entries),
    peers: !values['no-peers'],
    json: values.json,
    from: values.from,
    docs: values.docs,
    earlier: values.earlier,
  };
}

function natural(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`bench: --${name} is not a natural number (${text}); expected an integer from 1`);
  return value;
}
