// The messages between the server of the dashboard and its page: code of Node and code of the browser import this file.

/** The most rows of a table that the server sends. Above it, the server has to filter. */
export const MOST_SENT = 2000;

/** The name of a table; its titles are in `Hello`. */
export type TableName = 'hosts' | 'links' | 'addresses' | 'routes' | 'rules' | 'neighbours' | 'sockets' | 'connections' | 'counters';

/** A column of a table, and the place of its values in `Row` cells. */
export interface ColumnHead {
  readonly name: string;
  readonly title: string;
  /** The cells are numbers: aligned to the right, and sorted by their value. */
  readonly numeric?: true;
}

/** A table of the page. The order of the tables is the order of the tabs. */
export interface TableHead {
  readonly name: TableName;
  readonly title: string;
  readonly columns: readonly ColumnHead[];
}

/** The first event of every stream. */
export interface Hello {
  /** The version of rxnetlink. */
  readonly version: string;
  readonly host: string;
  /** The name of the namespace that is shown; null for the namespace of the server's process. */
  readonly namespace: string | null;
  /** On a page of a fleet, the host whose tables follow that of the hosts; null for none. */
  readonly fleet?: string | null;
  readonly tables: readonly TableHead[];
}

/** A value as it is shown: text in words and units, a number of a numeric column, or null for a value that an object does not have. */
export type Cell = string | number | null;

/** An object by its key, which is unique in its table; null if the object is gone. Cells stand in the order of the columns. */
export type Row = readonly [key: string, cells: readonly Cell[] | null];

/**
 * The rows of a table: all that the page may know (`all`), or what changed since the previous event of the table (`diff`).
 *
 * The page has {@link MOST_SENT} rows at most. Rows that the filter of the stream does not match are never sent.
 */
export interface TableRows {
  readonly table: TableName;
  readonly rows: readonly Row[];
  /** The number of objects in the table. */
  readonly total: number;
  /** The number of objects that the filter of the stream matches; the page has fewer than these if they are more than {@link MOST_SENT}. */
  readonly matching: number;
  /** The reason why the table is not current, or is empty: in words, for the reader. Absent if the table is current. */
  readonly error?: string;
}

/** The rate of a link by the key of its row in `links`, in bytes a second: received, sent. */
export type Rate = readonly [key: string, received: number, sent: number];

/** A link of the topology. */
export interface TopologyNode {
  /** Unique in the topology. In the namespace that is shown, `id` equals the key of the link's row in `links`. */
  readonly id: string;
  readonly name: string;
  /** The kind of the link as `ip link` names it, e.g. `bridge`, `veth`, `vlan`; `ethernet`, `loopback` and others for links without a kind. */
  readonly kind: string;
  /** The `id` of a namespace of the topology. */
  readonly namespace: string;
  /** The state in the words of `rxnetlink links`: `up`, `down`, `disabled`, `lower-layer-down`, `dormant`, `testing`, `not-present`. */
  readonly state: string;
  /** The `id` of the bridge, the bond, or the VRF that the link is a port of. */
  readonly master?: string;
}

/**
 * A connection of two nodes: the two ends of a veth pair, a link and the link below it (a VLAN and its parent), or a tunnel and its remote.
 *
 * `to` of a tunnel is the `id` of the link that has the remote address, or the remote address if no known link has it.
 */
export interface TopologyEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'veth' | 'lower' | 'tunnel';
  /** The number of a VLAN, or the remote address of a tunnel. */
  readonly label?: string;
}

/** Returns the key of a connection in {@link TopologyDiff}. */
export function edgeKey({ kind, from, to }: TopologyEdge): string {
  return `${kind} ${from} ${to}`;
}

/** A namespace of the topology. */
export interface TopologyNamespace {
  readonly id: string;
  readonly name: string;
  /** The reason why the links of the namespace are not shown. */
  readonly error?: string;
}

/** The links of all namespaces and their connections, at most 2,000 links. The first namespace is the one that the tables show. */
export interface Topology {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
  readonly namespaces: readonly TopologyNamespace[];
  /** The reason why other namespaces are missing, e.g. the privilege that the server does not have. */
  readonly note?: string;
}

/**
 * The changes of a topology since the previous event of it. `null` stands for what is gone; {@link edgeKey} is
 * the key of a connection. Absent properties have not changed, except `note`: it is the present one.
 */
export interface TopologyDiff {
  readonly nodes?: readonly (readonly [id: string, node: TopologyNode | null])[];
  readonly edges?: readonly (readonly [key: string, edge: TopologyEdge | null])[];
  readonly namespaces?: readonly TopologyNamespace[];
  readonly note?: string;
}

/** The events of `/events` by their names, with the type of their JSON data. */
export interface DashboardEvents {
  readonly hello: Hello;
  readonly all: TableRows;
  readonly diff: TableRows;
  /** The links that moved bytes in the last second, at most the 300 busiest of them. */
  readonly rates: readonly Rate[];
  readonly topology: Topology;
  readonly 'topology-diff': TopologyDiff;
}
