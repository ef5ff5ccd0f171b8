import type { Address, ForwardingEntry, Link, Neighbour, Qdisc, Route, Rule, SocketEntry, SocketOwners } from '../network/index.js';
import type { FirewallChain } from '../network/index.js';
import type { DecodedMessage } from './decode/message/decoded-message.js';
import type { LinkRates } from './top/rates.js';

/** An object of a listing. */
type Listed<T> = T & {
  /** The name of its namespace, with `--all-namespaces`. */
  readonly namespace?: string;
};

/** A chain with its table. */
interface ListedChain {
  readonly family: string;
  readonly table: string;
  /** Null for a table without chains. */
  readonly chain: FirewallChain | null;
}

/** A namespace with a name. */
interface ListedNamespace {
  readonly name: string;
  readonly path: string;
  readonly inode: number;
}

/** One line of `rxnetlink monitor --json`. */
interface MonitorLine {
  /** The time of arrival, in the form of ISO 8601. */
  readonly time: string;
  readonly namespace?: string;
  readonly type: 'listening' | 'change' | 'lost' | 'resynced';
  /** The event in words. */
  readonly text: string;
  /** Of a change: its table or family. */
  readonly topic?: string;
  readonly operation?: string;
  /** Of a change: the message in the words of its family. */
  readonly value?: object;
  readonly created?: true;
  readonly replaced?: true;
  readonly appended?: true;
  /** The port ID of the socket that asked for the change. */
  readonly port?: number;
  /** The number of another network namespace that the message is about. */
  readonly nsid?: number;
  /** The process that asked for the change, if it is known. */
  readonly process?: { readonly processId: number; readonly command: string };
  /** Of a loss: the protocol, and the number of datagrams; 0 if it is not known. */
  readonly protocol?: string;
  readonly datagrams?: number;
  /** Of a state that was read again: the number of links. */
  readonly links?: number;
}

/** One line of `rxnetlink top --json`. */
interface TopLine {
  readonly time: string;
  /** TCP and UDP sockets; null if this process may not list them. */
  readonly sockets: number | null;
  /** Tracked connections; null without connection tracking, or without the right to read it. */
  readonly connections: { readonly count: number; readonly maximum: number } | null;
  readonly links: readonly LinkRates[];
}

/** The line of `rxnetlink plan --json`. */
interface PlanLine {
  readonly differences: readonly object[];
  readonly effects: readonly unknown[];
  readonly conflicts: readonly unknown[];
}

/** A family in `rxnetlink families --json`. */
interface ListedFamily {
  readonly name: string;
  readonly kernelName: string;
  readonly protocol: string;
  readonly operations: number;
  readonly typed: boolean;
  /** Absent for families that the kernel does not list. */
  readonly loaded?: boolean | null;
}

/** The values that commands print with `--json`, one a line. The JSON Schema `schemas/command-output.json` is made of it. */
export interface CommandOutput {
  readonly links: readonly Listed<Link & { readonly addresses: readonly Address[] }>[];
  readonly addresses: readonly Listed<Address>[];
  readonly routes: readonly Listed<Route>[];
  readonly rules: readonly Listed<Rule>[];
  readonly neighbours: readonly Listed<Neighbour>[];
  readonly fdb: readonly Listed<ForwardingEntry>[];
  readonly qdiscs: readonly Listed<Qdisc>[];
  readonly sockets: readonly Listed<SocketEntry & SocketOwners>[];
  readonly firewall: readonly Listed<ListedChain>[];
  readonly namespaces: readonly ListedNamespace[];
  readonly monitor: MonitorLine;
  readonly top: TopLine;
  readonly plan: PlanLine;
  readonly families: readonly ListedFamily[];
  readonly decode: DecodedMessage;
}
