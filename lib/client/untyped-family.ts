/** A request or a reply of a family without types; its properties are in camelCase, as in generated families. @public */
export type UntypedValue = Readonly<Record<string, unknown>>;

/** The request and the reply of an operation of such a family. @public */
export interface UntypedOperation {
  /** The properties that the request may have. */
  readonly request: UntypedValue;
  /** The properties of the reply. */
  readonly reply: UntypedValue;
}

/**
 * The types of a family that is loaded at run time: every name compiles, and is checked when it is used.
 *
 * @public
 */
export interface UntypedFamily {
  /** By operation name: the types of a request and of its reply, which may not come. */
  do: Readonly<Record<string, { readonly request: UntypedValue; readonly reply: UntypedValue | undefined }>>;
  /** By operation name: the types of a request and of one row. */
  dump: Readonly<Record<string, UntypedOperation>>;
  /** By the name of the notification or event: its value. */
  notifications: Readonly<Record<string, UntypedValue>>;
  /** By group name: the names of its notifications and events. */
  groups: Readonly<Record<string, string>>;
  /** By the name of an event that the kernel sends to one socket, and to no group: its value. */
  events: Readonly<Record<string, UntypedValue>>;
}
