/** How the headers name what a family describes. Numbers are C expressions: `PREFIX` + the kernel's name in capitals, unless `names` has it. */
export interface HeaderNames {
  /** Headers to include, in this order; one that the package lacks is left out. */
  readonly headers: readonly string[];
  /** Prefix of each enum's entries. */
  readonly enums?: Readonly<Record<string, string>>;
  /** Prefix of each set's attributes; sets that borrow another's numbers have that one's. */
  readonly sets: Readonly<Record<string, string>>;
  /** Sets that are a few attributes of another family's: that they lack the others is no gap. */
  readonly excerpts?: readonly string[];
  /** C types of structs that are not `struct` and the name with underscores. */
  readonly structs?: Readonly<Record<string, string>>;
  /** Prefix of the members of structs that have one. */
  readonly members?: Readonly<Record<string, string>>;
  readonly operations: OperationNames;
  /** Prefix of multicast groups that have numbers. */
  readonly groups?: string;
  /**
   * Expressions that no rule gives: `set/attribute`, `enum/entry`, `struct/member` (a member's name), `operation/name`, `reply/name`
   * (or `dump reply/name`), `group/name`.
   */
  readonly names?: Readonly<Record<string, string>>;
}

/** How commands or message types are named. */
export interface OperationNames {
  readonly prefix: string;
  /** What to add to them (`NFNL_SUBSYS_NFTABLES << 8`). */
  readonly base?: string;
  /** What in a request's name to replace for that of its reply: the first pair whose left side is there; `$` is its end. None: the same. */
  readonly replies?: readonly (readonly [request: string, reply: string])[];
}

/** A kernel's name in capitals, as in an enumerator. */
export function enumerator(prefix: string, name: string): string {
  return prefix + name.toUpperCase().replaceAll(/[-\s]/g, '_');
}

/** The number of a request in C. */
export function requestExpression({ operations, names = {} }: HeaderNames, operation: string): string {
  return names[`operation/${operation}`] ?? based(operations, enumerator(operations.prefix, operation));
}

/** The number of a notification in C: a name of its own, or that of the operation it is about. */
export function notificationExpressions(headerNames: HeaderNames, operation: string): readonly [string, string] {
  return [requestExpression(headerNames, operation), requestExpression(headerNames, operation.replace(/-ntf$/, ''))];
}

/** The number of a reply in C. */
export function replyExpression(headerNames: HeaderNames, operation: string, mode: 'do' | 'dump'): string {
  const { operations, names = {} } = headerNames;
  const own = names[`${mode} reply/${operation}`] ?? names[`reply/${operation}`];
  if (own !== undefined) return own;
  const request = enumerator(operations.prefix, operation);
  for (const [from, to] of operations.replies ?? []) {
    if (from === '$') return based(operations, request + to);
    if (request.includes(from)) return based(operations, request.replace(from, to));
  }
  return based(operations, request);
}

function based({ base }: OperationNames, expression: string): string {
  return base === undefined ? expression : `(${base}) + ${expression}`;
}
