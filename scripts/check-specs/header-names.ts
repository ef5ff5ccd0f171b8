/** The names of a family in the headers. A number is a C expression: a prefix and the kernel's name in capitals, unless `names` has one. */
export interface HeaderNames {
  /** The headers to include, in this order; missing headers are omitted. */
  readonly headers: readonly string[];
  /** The prefix of each enum's entries. */
  readonly enums?: Readonly<Record<string, string>>;
  /** The prefix of each set's attributes. A set with the numbers of another set has the prefix of that set. */
  readonly sets: Readonly<Record<string, string>>;
  /** The sets that contain only some attributes of another family's set; the others are not a gap. */
  readonly excerpts?: readonly string[];
  /** The C types of structs, if they are not `struct` and the name with underscores. */
  readonly structs?: Readonly<Record<string, string>>;
  /** The prefix of struct members, if there is one. */
  readonly members?: Readonly<Record<string, string>>;
  readonly operations: OperationNames;
  /** The prefix of multicast groups that have numbers. */
  readonly groups?: string;
  /**
   * Expressions that do not follow the rule: `set/attribute`, `enum/entry`, `struct/member` (a member's name), `operation/name`, `reply/name`
   * (or `dump reply/name`), `group/name`.
   */
  readonly names?: Readonly<Record<string, string>>;
}

/** The names of commands or message types. */
export interface OperationNames {
  readonly prefix: string;
  /** The number to add to them (`NFNL_SUBSYS_NFTABLES << 8`). */
  readonly base?: string;
  /** The replacements that turn a request's name into its reply's name. The first pair that matches applies; `$` is the end of the name. */
  readonly replies?: readonly (readonly [request: string, reply: string])[];
}

/** Returns a kernel's name in capitals, as in an enumerator. */
export function enumerator(prefix: string, name: string): string {
  return prefix + name.toUpperCase().replaceAll(/[-\s]/g, '_');
}

/** Returns the C expression of a request's number. */
export function requestExpression({ operations, names = {} }: HeaderNames, operation: string): string {
  return names[`operation/${operation}`] ?? based(operations, enumerator(operations.prefix, operation));
}

/** Returns the C expression of a notification's number: its own name, or the name of its operation. */
export function notificationExpressions(headerNames: HeaderNames, operation: string): readonly [string, string] {
  return [requestExpression(headerNames, operation), requestExpression(headerNames, operation.replace(/-ntf$/, ''))];
}

/** Returns the C expression of a reply's number. */
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
