import type { FamilySchema } from './descriptor.js';

export type { Bitfield32 } from '../kinds/bitfield32.js';

/**
 * The types of a generated family: the parameter of `FamilyClient`.
 *
 * A generated file exports `interface RtLinkFamily` of this shape and `rtLinkSchema`, a {@link TypedFamilySchema} of it:
 *
 * ```ts
 * export interface RtLinkFamily {
 *   do: {
 *     getlink: { request: GetlinkRequest; reply: GetlinkReply };               // a reply always comes
 *     newlink: { request: NewlinkRequest; reply: NewlinkReply | undefined };   // it may not come
 *   };
 *   dump: { getlink: { request: GetlinkRequest; reply: GetlinkReply } };
 *   notifications: { 'newlink-ntf': GetlinkReply };                            // notify and event: op name -> value
 *   groups: { 'rtnlgrp-link': 'newlink-ntf' | 'dellink-ntf' };                 // group -> names of its messages
 *   events: { packet: PacketEvent };                                           // only families with events for one socket
 * }
 * ```
 * All are interfaces or object types with literal keys. The first four are empty if the family has none.
 *
 * @public
 */
export interface FamilyTypes {
  /** By operation name. */
  do: object;
  /** By operation name; `reply` is one row. */
  dump: object;
  /** By the name of the notification or event: its value. */
  notifications: object;
  /** By group name: the names of the notifications and events that are sent there. */
  groups: object;
  /** By the name of an event that the kernel sends to one socket, and to no group: its value. */
  events?: object;
}

/** Request and reply of an operation in one mode. @public */
export interface OperationTypes {
  /** The properties that a request may have: fields of the fixed header, and attributes. */
  request: object;
  /** One reply, or one row of a dump; includes `undefined` if a reply may not come. */
  reply: object | undefined;
}

declare const family: unique symbol;

/** A descriptor with its types, which exist for the compiler only. @public */
export interface TypedFamilySchema<Family extends FamilyTypes> extends FamilySchema {
  /** Carries the types; no object has this property. */
  readonly [family]?: Family;
}

/** The types of a family, or of the descriptor of one. @public */
export type FamilyOf<Schema> = Schema extends TypedFamilySchema<infer Family> ? Family : never;

/** The names of the operations with a do. @public */
export type DoName<Family extends FamilyTypes> = keyof Family['do'] & string;

/** The names of the operations with a dump. @public */
export type DumpName<Family extends FamilyTypes> = keyof Family['dump'] & string;

/** The names of the groups. @public */
export type GroupName<Family extends FamilyTypes> = keyof Family['groups'] & string;

/** The names of the events that the kernel sends to one socket. @public */
export type EventName<Family extends FamilyTypes> = keyof NonNullable<Family['events']> & string;

/** The value of an event that the kernel sends to one socket. @public */
export type EventOf<Family extends FamilyTypes, Name extends EventName<Family>> = NonNullable<Family['events']>[Name];

/** The request of a do. @public */
export type DoRequest<Family extends FamilyTypes, Name extends DoName<Family>> = OperationPart<Family['do'][Name], 'request'>;

/** The reply of a do, or `undefined` if a reply may not come. @public */
export type DoReply<Family extends FamilyTypes, Name extends DoName<Family>> = OperationPart<Family['do'][Name], 'reply'>;

/** The request of a dump. @public */
export type DumpRequest<Family extends FamilyTypes, Name extends DumpName<Family>> = OperationPart<Family['dump'][Name], 'request'>;

/** One row of a dump. @public */
export type DumpReply<Family extends FamilyTypes, Name extends DumpName<Family>> = OperationPart<Family['dump'][Name], 'reply'>;

/** The notifications of a group: a union discriminated by `op`. @public */
export type NotificationOf<Family extends FamilyTypes, Group extends GroupName<Family>> = {
  [Op in keyof Family['notifications'] & Family['groups'][Group]]: { readonly op: Op; readonly value: Family['notifications'][Op] };
}[keyof Family['notifications'] & Family['groups'][Group]];

/** The request or the reply of an operation's types. @public */
export type OperationPart<Types, Key extends string> = Types extends Readonly<Record<Key, infer Value>> ? Value : never;

/** An address in a request: text, or the bytes themselves. @public */
export type AddressInput = string | Uint8Array;

/** A key in a request: its bytes, or their base64 text (44 characters for a WireGuard key, as `wg genkey` prints). Replies contain the bytes. @public */
export type KeyInput = string | Uint8Array;

declare const undescribed: unique symbol;

/**
 * The name of a kind that the family's specification does not describe, e.g. a `linkinfo.kind` of a module outside the kernel.
 *
 * The compiler does not treat it as a literal, so `kind === 'vlan'` narrows a row to the data of a VLAN, also in the callback of
 * `find` and `filter`. To find a kind that is not described, compare `String(kind)`.
 *
 * @public
 */
export type UndescribedName = `${string}${string & { readonly [undescribed]: true }}`;
