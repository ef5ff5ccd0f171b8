import type { Address, ForwardingEntry, Link, Neighbour, Qdisc, Route, Rule, SocketEntry, SocketOwners } from '../network/index.js';
import type { Applied, FirewallChain, NetworkError, PlanDifference } from '../network/index.js';
import type { GetReply } from '../families/conntrack.js';
import type { DecodedMessage } from './decode/message/decoded-message.js';
import type {
  AgentEvent,
  ConntrackStatistics,
  FirewallCount,
  ForgottenHost,
  LinkCounters,
  RemoteEvent,
  SocketCount,
} from '../fleet/index.js';
import type { FleetHost } from './fleet/hosts.js';
import type { FleetLine } from './fleet/monitor.js';
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

/** One direction of a tracked connection. */
interface ConnectionTuple {
  readonly tupleIp?: { readonly ipV4Src?: string; readonly ipV4Dst?: string; readonly ipV6Src?: string; readonly ipV6Dst?: string };
  /** The number of the protocol (IPPROTO_*), and its ports if it has some. */
  readonly tupleProto?: { readonly protoNum?: number; readonly protoSrcPort?: number; readonly protoDstPort?: number };
}

/** A tracked connection in the words of the family `conntrack`. */
interface ListedConnection {
  readonly nfgenFamily: number;
  readonly tupleOrig?: ConnectionTuple;
  readonly tupleReply?: ConnectionTuple;
  /** Bits of `NfCtStatus`. */
  readonly status?: number;
  /** Seconds until the kernel forgets it. */
  readonly timeout?: number;
  readonly mark?: number;
  readonly id?: number;
  readonly zone?: number;
}

/** A type whose values another type has: the compiler refuses one that has not. */
type Shown<T, Actual extends T> = Actual extends T ? T : never;

/** The line of `rxnetlink plan --json`. */
interface PlanLine {
  readonly differences: readonly PlanDifference[];
  /** The objects that the kernel deletes along with the changes, in words. */
  readonly effects: readonly string[];
  /** Objects of others that stand in the way. */
  readonly conflicts: readonly PlanDifference[];
}

/** An error of `network()` in JSON. */
type ErrorObject = ReturnType<NetworkError['toJSON']>;

/** The result of `apply`. */
interface AppliedObject extends Omit<Applied, 'left'> {
  readonly left: readonly (PlanDifference & { readonly error?: ErrorObject })[];
}

/** One line of `rxnetlink apply --json`. */
interface ApplyLine {
  readonly type: 'started' | 'done' | 'verified' | 'undoing' | 'applied';
  /** Of the start: what will be changed, and what the kernel deletes along with it. */
  readonly differences?: readonly PlanDifference[];
  readonly effects?: readonly string[];
  /** Of each change that was made. */
  readonly difference?: PlanDifference;
  /** The reason why everything is taken back. */
  readonly cause?: object;
  /** Of the end. */
  readonly result?: AppliedObject;
}

/** One line of `rxnetlink reconcile --json`. */
interface ReconcileLine {
  readonly type: 'in-sync' | 'drift' | 'repaired' | 'failed' | 'fighting';
  /** Of a drift: what other programs changed, and what the kernel deletes along with the repair. */
  readonly differences?: readonly PlanDifference[];
  readonly effects?: readonly string[];
  /** Of a repair. */
  readonly result?: AppliedObject;
  /** Of a failure: the error in words, and milliseconds until the next attempt. */
  readonly error?: string;
  readonly retryIn?: number;
  /** Of an object that another program changes again and again, so many times. */
  readonly difference?: PlanDifference;
  readonly times?: number;
}

/** The line of `rxnetlink describe --json`: of a family the first three lists, of an operation the last two. */
interface Description {
  readonly operations?: readonly { readonly name: string; readonly do: string; readonly dump: string; readonly needs: string }[];
  readonly notifications?: readonly { readonly name: string; readonly groups: string }[];
  /** The number is empty for groups whose numbers the kernel assigns. */
  readonly groups?: readonly { readonly name: string; readonly number: number | string }[];
  readonly header?: readonly DescribedField[];
  readonly attributes?: readonly DescribedField[];
}

/** A header field or an attribute. */
interface DescribedField {
  readonly property: string;
  readonly type: string;
  /** The attributes of a nest, or the members of a struct, by the name that they have together. */
  readonly of: string;
  /** The names of the first values. */
  readonly values: string;
  /** The kernel's name. */
  readonly kernel: string;
}

/** One line of `rxnetlink listen --json`. */
interface Notification {
  /** The name of the operation. */
  readonly op: string;
  /** The message in the words of the family. */
  readonly value: object;
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

/** An object of a host of a fleet. */
type OfHost<T> = T & {
  readonly host: string;
  /** True if the host is silent: the object may be out of date. */
  readonly silent?: boolean;
};

/** The line of `rxnetlink fleet plan --json` for a host: its plan, or the reason why there is none. */
type HostPlanLine = ({ readonly host: string } & PlanLine) | { readonly host: string; readonly error: string };

/** The output of `rxnetlink fleet --json`: one array of hosts or of their objects, a line for each event or plan, or what was removed. */
type FleetOutput =
  | ForgottenHost
  | readonly FleetHost[]
  | readonly OfHost<Link & { readonly addresses: readonly Address[] }>[]
  | readonly OfHost<Address>[]
  | readonly OfHost<Route>[]
  | readonly OfHost<Rule>[]
  | readonly OfHost<Neighbour>[]
  | readonly OfHost<LinkCounters>[]
  | readonly OfHost<SocketCount>[]
  | readonly OfHost<ConntrackStatistics>[]
  | readonly OfHost<FirewallCount>[]
  | FleetLine
  | HostPlanLine;

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
  readonly connections: readonly Listed<Shown<ListedConnection, GetReply>>[];
  readonly firewall: readonly Listed<ListedChain>[];
  readonly namespaces: readonly ListedNamespace[];
  readonly monitor: MonitorLine;
  readonly top: TopLine;
  /** An event of the agent, or one of its remote sockets. */
  readonly agent: AgentEvent | ({ readonly remote: true } & RemoteEvent);
  readonly fleet: FleetOutput;
  readonly plan: PlanLine;
  readonly apply: ApplyLine;
  readonly reconcile: ReconcileLine;
  readonly families: readonly ListedFamily[];
  readonly describe: Description;
  /** The reply in the words of the family. */
  readonly do: object;
  readonly dump: object;
  readonly listen: Notification;
  readonly decode: DecodedMessage;
  readonly trace: DecodedMessage;
  readonly replay: DecodedMessage;
}
