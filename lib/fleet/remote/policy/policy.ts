import { kindOf } from '../../../check/index.js';
import type { FamilySchema, OperationSchema } from '../../../schema/index.js';
import { isRead } from '../../../schema/index.js';
import { ofIdentifiedFamilies, requestLayout, requestedOperations, type NumberedMessage } from '../../../schema/internal.js';
import { AttributeReader, MessageFlags, MessageType, Protocol } from '../../../wire/index.js';
import { loadFamilies, matcher, type AllowedFamily, type RemotePolicy } from './policy-options.js';

/** Names of generic families and of their groups, by the numbers that the kernel has assigned. @internal */
export interface GenericNames {
  familyOf(type: number): string | undefined;
  groupOf(group: number): { readonly family: string; readonly group: string } | undefined;
}

/** The attribute that selects another namespace in a request: it would read beside the policy. */
const OTHER_NAMESPACE = 'target-netnsid';

/** The size of `struct rtgenmsg` with padding: the kernel accepts it in place of a longer header. */
const SHORT_HEADER = 4;

/** Decides which requests of others the kernel gets. @internal */
export class Policy {
  readonly #host: string;
  readonly #families: readonly AllowedFamily[];
  readonly #netns: readonly RegExp[];
  readonly #allGroups: boolean;

  private constructor(host: string, families: readonly AllowedFamily[], { netns = [], groups }: RemotePolicy) {
    if (!Array.isArray(netns) || netns.some((name) => typeof name !== 'string')) {
      throw new TypeError(`serveRemote: policy.netns must be an array of names, not ${kindOf(netns)}`);
    }
    this.#host = host;
    this.#families = families;
    this.#netns = (netns as readonly string[]).map((name) => matcher(name));
    this.#allGroups = groups === undefined;
  }

  /** @throws TypeError if the policy is not valid. */
  static async load(host: string, policy: RemotePolicy): Promise<Policy> {
    return new Policy(host, await loadFamilies(policy), policy);
  }

  /** Returns the reason why a socket of a protocol may not be opened; undefined if it may. */
  refusedProtocol(protocol: number): string | undefined {
    if (this.#of(protocol).some(({ operations, groups }) => operations.size > 0 || (groups?.size ?? 0) > 0)) return undefined;
    return `${this.#policy} allows no family of netlink protocol ${protocol}; add one to its families`;
  }

  /** Returns the reason why a namespace may not be opened; undefined if it may. */
  refusedNamespace(name: string): string | undefined {
    if (this.#netns.some((pattern) => pattern.test(name))) return undefined;
    return `${this.#policy} does not allow network namespace '${name}'; add it to its netns`;
  }

  /** Returns the reason why a group may not be joined; undefined if it may. */
  refusedGroup(protocol: number, group: number, names: GenericNames | undefined): string | undefined {
    const generic = names?.groupOf(group);
    const families = this.#of(protocol).filter(({ operations, groups }) => operations.size > 0 || (groups?.size ?? 0) > 0);
    const isAllowed = families.some(({ schema, groups }) => {
      if (protocol === Protocol.Generic) return schema.name === generic?.family && (groups === undefined || groups.has(generic.group));
      const found = schema.groups.find(({ number }) => number === group);
      return found !== undefined && (groups === undefined || groups.has(found.name));
    });
    if (isAllowed || (protocol === Protocol.Route && this.#allGroups && families.length > 0)) return undefined;
    const name = generic === undefined ? `${group} of netlink protocol ${protocol}` : `${generic.group} of ${generic.family}`;
    return `${this.#policy} does not allow multicast group ${name}; add it to its groups`;
  }

  /** Returns the reason why a message is not sent; undefined if the policy allows it. */
  refusedMessage(protocol: number, message: NumberedMessage, names: GenericNames | undefined): string | undefined {
    const { type, flags } = message;
    if ((flags & MessageFlags.Request) === 0) return 'the message is not a request';
    // The kernel acknowledges control messages and does nothing else; the connector has no others.
    if (type < MessageType.Minimum && protocol !== Protocol.Connector) return undefined;
    const family = protocol === Protocol.Generic ? names?.familyOf(type) : undefined;
    const families = this.#of(protocol).filter(({ schema }) => protocol !== Protocol.Generic || schema.name === family);
    const found = families.flatMap((one) => requestedOperations(one.schema, message).map((operation) => ({ ...one, operation })));
    const candidates = ofIdentifiedFamilies(found);
    const refused = candidates.find(({ operations, operation }) => !operations.has(operation.name));
    if (refused !== undefined) return this.#text(refused);
    if (candidates.length === 0) {
      const what = family === undefined ? `message type ${type} of netlink protocol ${protocol}` : `this command of the family ${family}`;
      return `${this.#policy} does not allow ${what}; add the family to its families or to its write`;
    }
    if (!candidates.some(({ schema, operation }) => selectsNamespace(schema, operation, message.payload)) || this.#allowsAll)
      return undefined;
    return `${this.#policy} does not allow requests about other network namespaces (${OTHER_NAMESPACE}); open a socket in the namespace`;
  }

  get #policy(): string {
    return `the policy of host '${this.#host}'`;
  }

  get #allowsAll(): boolean {
    return this.#netns.some((pattern) => pattern.source === '^.*$');
  }

  #of(protocol: number): AllowedFamily[] {
    return this.#families.filter(({ schema }) => schema.protocol === protocol);
  }

  #text({ schema, name, operation }: AllowedFamily & { readonly operation: OperationSchema }): string {
    const option = isRead(schema, operation.name) ? 'families' : 'write';
    return `${this.#policy} does not allow ${operation.name} of ${name}; allow it with ${option}: { '${name}': ['${operation.name}'] }`;
  }
}

/** Tests whether a request may select another namespace; also if its attributes cannot be read. */
function selectsNamespace(schema: FamilySchema, operation: OperationSchema, payload: Uint8Array): boolean {
  const set = schema.sets.find(({ name }) => name === operation.set);
  const attribute = set?.attributes.find(({ name }) => name === OTHER_NAMESPACE);
  if (attribute === undefined) return false;
  const { start } = requestLayout(schema, operation.fixedHeader);
  if (payload.byteLength < start) return payload.byteLength > SHORT_HEADER;
  try {
    for (const { type } of new AttributeReader(payload, { start })) if (type === attribute.id) return true;
  } catch {
    return true;
  }
  return false;
}
