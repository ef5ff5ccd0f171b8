import { get, type ClientRequest, type IncomingMessage } from 'node:http';
import type {
  Cell,
  Hello,
  Rate,
  TableName,
  TableRows,
  Topology,
  TopologyDiff,
  TopologyEdge,
  TopologyNode,
} from '../../../lib/dashboard/protocol.js';

/** A page without a browser: it logs in and keeps what the server sends. */
export class DashboardClient {
  readonly tables: Map<string, Map<string, readonly Cell[]>> = new Map();
  readonly infos: Map<string, Omit<TableRows, 'rows'>> = new Map();
  readonly nodes: Map<string, TopologyNode> = new Map();
  readonly edges: Map<string, TopologyEdge> = new Map();
  readonly rates: (readonly Rate[])[] = [];
  topology: Partial<Topology> = {};
  hello: Hello | undefined;
  isEnded = false;
  bytes = 0;
  #request: ClientRequest | undefined;

  /** @param address - The address that the command has printed. */
  async open(address: string, query = ''): Promise<this> {
    const { origin } = new URL(address);
    const login = await responseOf(address, {});
    login.resume();
    const [, cookie = '', path = ''] = /^([^;]*);.*; Path=(\S*)$/.exec(login.headers['set-cookie']![0]!)!;
    const stream = await responseOf(`${origin}${path}events${query}`, { cookie }, (request) => (this.#request = request));
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      this.bytes += text.length;
      const events = (rest + text).split('\n\n');
      rest = events.pop()!;
      for (const event of events) this.#receive(event);
    });
    stream.on('error', () => undefined);
    stream.on('close', () => (this.isEnded = true));
    return this;
  }

  /** Returns the cells of the rows of a table by the names of their columns. */
  rows(name: TableName): Readonly<Record<string, Cell>>[] {
    const columns = this.hello?.tables.find((table) => table.name === name)?.columns ?? [];
    return [...(this.tables.get(name)?.values() ?? [])].map((cells) =>
      Object.fromEntries(columns.map((column, index) => [column.name, cells[index]!])),
    );
  }

  /** Returns the connections of the topology in words: `vlan7@7f -> d0`. */
  connections(): string[] {
    const nameOf = (id: string): string => {
      const node = this.nodes.get(id);
      const namespace = this.topology.namespaces?.find((known) => known.id === node?.namespace);
      return node === undefined ? id : `${node.name}@${namespace?.name ?? '?'}`;
    };
    return [...this.edges.values()].map(({ from, to, kind, label }) => {
      const ends = kind === 'veth' ? [nameOf(from), nameOf(to)].sort() : [nameOf(from), nameOf(to)];
      return `${kind} ${ends.join(' ')}${label === undefined ? '' : ` ${label}`}`;
    });
  }

  close(): void {
    this.#request?.destroy();
  }

  #receive(event: string): void {
    const [, name, text] = /^event: (.*)\ndata: (.*)$/.exec(event) ?? [];
    if (name === undefined) return;
    const data = JSON.parse(text!) as unknown;
    if (name === 'hello') this.hello = data as Hello;
    else if (name === 'rates') this.rates.push(data as readonly Rate[]);
    else if (name === 'topology') this.#topology(data as Topology);
    else if (name === 'topology-diff') this.#topologyDiff(data as TopologyDiff);
    else this.#rows(data as TableRows, name === 'all');
  }

  #rows({ rows, ...info }: TableRows, isAll: boolean): void {
    const table = isAll ? new Map<string, readonly Cell[]>() : this.tables.get(info.table)!;
    this.tables.set(info.table, table);
    this.infos.set(info.table, info);
    assign(table, rows);
  }

  #topology(topology: Topology): void {
    this.topology = topology;
    this.nodes.clear();
    this.edges.clear();
    for (const node of topology.nodes) this.nodes.set(node.id, node);
    for (const edge of topology.edges) this.edges.set(`${edge.kind} ${edge.from} ${edge.to}`, edge);
  }

  #topologyDiff({ nodes = [], edges = [], ...others }: TopologyDiff): void {
    assign(this.nodes, nodes);
    assign(this.edges, edges);
    this.topology = { ...this.topology, ...others };
  }
}

function assign<T>(map: Map<string, T>, changes: readonly (readonly [key: string, value: T | null])[]): void {
  for (const [key, value] of changes)
    if (value === null) map.delete(key);
    else map.set(key, value);
}

function responseOf(
  address: string,
  headers: Readonly<Record<string, string>>,
  onRequest: (request: ClientRequest) => void = () => undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = get(address, { headers, agent: false }, resolve).on('error', reject);
    onRequest(request);
  });
}
