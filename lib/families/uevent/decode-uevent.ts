import { DecodeError } from '../../errors/index.js';
import { decodeText } from '../../wire/index.js';
import { udevProperties } from './udev-header.js';

/** The actions of the kernel (`enum kobject_action`). @public */
export type UeventAction = 'add' | 'remove' | 'change' | 'move' | 'online' | 'offline' | 'bind' | 'unbind';

/** One event of a device, from the kernel or from udev. @public */
export interface Uevent {
  /** The change of the device (`ACTION`): a {@link UeventAction}, or a word that a later kernel adds. */
  readonly action: UeventAction | (string & {});
  /** The path of the device below `/sys`, without `/sys` (`DEVPATH`). */
  readonly devpath: string;
  /** The bus or class of the device, e.g. `net` (`SUBSYSTEM`). */
  readonly subsystem: string;
  /** The kernel's number of the event; it grows over all namespaces, so a namespace sees gaps (`SEQNUM`). Not a netlink sequence number. */
  readonly seqnum: bigint;
  /** All variables, including those above. If a name occurs twice, the last value counts. */
  readonly environment: ReadonlyMap<string, string>;
}

/** The part of an event that follows the properties: where a variable begins, and its value. */
interface Variable {
  readonly value: string;
  readonly offset: number;
}

const AT = 0x40;
const EQUALS = 0x3d;

/**
 * Decodes the datagram of one event: the kernel's, or udev's with its header.
 *
 * The kernel writes `add@/devices/virtual/net/br0`, then the variables as `NAME=value`; a NUL ends each text. Invalid UTF-8 becomes
 * U+FFFD.
 *
 * @param bytes - One datagram of `Protocol.KobjectUevent`.
 * @throws {@link DecodeError} if it is not the text of an event; `path` is the name of the variable.
 * @public
 */
export function decodeUevent(bytes: Uint8Array): Uevent {
  const udev = udevProperties(bytes);
  const title = udev === undefined ? titleOf(bytes) : undefined;
  const variables = readVariables(bytes, udev?.start ?? title!.end, udev?.end ?? bytes.length);
  const action = required(variables, 'ACTION', bytes.length);
  const devpath = required(variables, 'DEVPATH', bytes.length);
  if (title !== undefined) {
    checkEqual('ACTION', action, title.action);
    checkEqual('DEVPATH', devpath, title.devpath);
  }
  if (!devpath.value.startsWith('/')) throw fault('DEVPATH', devpath, 'a path that starts with /');
  const environment = new Map<string, string>();
  for (const [name, { value }] of variables) environment.set(name, value);
  return {
    action: action.value,
    devpath: devpath.value,
    subsystem: required(variables, 'SUBSYSTEM', bytes.length).value,
    seqnum: seqnumOf(required(variables, 'SEQNUM', bytes.length)),
    environment,
  };
}

/** Reads the first text, `ACTION@DEVPATH`. The action has no `@`; a path may have one. */
function titleOf(bytes: Uint8Array): { readonly action: string; readonly devpath: string; readonly end: number } {
  const end = bytes.indexOf(0);
  if (end < 0) throw new DecodeError(`uevent: expected ACTION@DEVPATH that ends with a NUL, got ${quoted(decodeText(bytes))}`, 0);
  const at = bytes.subarray(0, end).indexOf(AT);
  if (at <= 0) throw new DecodeError(`uevent: expected ACTION@DEVPATH, got ${quoted(decodeText(bytes, 0, end))}`, 0);
  return { action: decodeText(bytes, 0, at), devpath: decodeText(bytes, at + 1, end), end: end + 1 };
}

function readVariables(bytes: Uint8Array, start: number, end: number): Map<string, Variable> {
  const variables = new Map<string, Variable>();
  for (let at = start; at < end;) {
    let stop = bytes.indexOf(0, at);
    if (stop < 0 || stop >= end) stop = end;
    const equals = bytes.subarray(at, stop).indexOf(EQUALS);
    if (equals <= 0) throw new DecodeError(`uevent: expected NAME=value, got ${quoted(decodeText(bytes, at, stop))}`, at);
    variables.set(decodeText(bytes, at, at + equals), { value: decodeText(bytes, at + equals + 1, stop), offset: at });
    at = stop + 1;
  }
  return variables;
}

function required(variables: ReadonlyMap<string, Variable>, name: string, end: number): Variable {
  const found = variables.get(name);
  if (found === undefined || found.value === '') throw new DecodeError(`uevent: expected ${name}=value, which every event has`, end, name);
  return found;
}

function checkEqual(name: string, variable: Variable, title: string): void {
  if (variable.value !== title) throw fault(name, variable, `${quoted(title)}, as the first text of the event states`);
}

/** The kernel's counter has 64 bits. */
function seqnumOf(variable: Variable): bigint {
  const number = /^\d{1,20}$/.test(variable.value) ? BigInt(variable.value) : undefined;
  if (number === undefined || number > 0xffff_ffff_ffff_ffffn) throw fault('SEQNUM', variable, 'an integer of 64 bits');
  return number;
}

function fault(name: string, { value, offset }: Variable, expected: string): DecodeError {
  return new DecodeError(`uevent: expected ${expected}, got ${quoted(value)}`, offset, name);
}

/** Quotes text of an event for an error; control characters are escaped, and long text is cut. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
