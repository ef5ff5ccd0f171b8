import { MessageFlags } from '../../../wire/index.js';
import type { MessageKind } from './decoded-message.js';

type Names = readonly (readonly [bit: number, name: string])[];

const COMMON: Names = [
  [MessageFlags.Request, 'request'],
  [MessageFlags.Multi, 'multi'],
  [MessageFlags.Ack, 'ack'],
  [MessageFlags.Echo, 'echo'],
  [MessageFlags.DumpInterrupted, 'dump-interrupted'],
  [MessageFlags.DumpFiltered, 'dump-filtered'],
];
const GET: Names = [
  [MessageFlags.Dump, 'dump'],
  [MessageFlags.Root, 'root'],
  [MessageFlags.Match, 'match'],
  [MessageFlags.Atomic, 'atomic'],
];
const DELETE: Names = [
  [MessageFlags.NonRecursive, 'non-recursive'],
  [MessageFlags.Bulk, 'bulk'],
];
const NEW: Names = [
  [MessageFlags.Replace, 'replace'],
  [MessageFlags.Exclusive, 'exclusive'],
  [MessageFlags.Create, 'create'],
  [MessageFlags.Append, 'append'],
];
const STATUS: Names = [
  [MessageFlags.Capped, 'capped'],
  [MessageFlags.AckAttributes, 'extended-ack'],
];

/** Returns the names of `nlmsg_flags`. Above the low byte they depend on the message: what a GET matches, what a NEW replaces. */
export function flagNames(flags: number, kind: MessageKind, operation: string | undefined, mode: string | undefined): string[] {
  const names: string[] = [];
  let rest = flags;
  for (const [bits, name] of [...COMMON, ...specificNames(kind, operation, mode)]) {
    if ((rest & bits) !== bits) continue;
    names.push(name);
    rest &= ~bits;
  }
  if (rest !== 0) names.push(`0x${rest.toString(16)}`);
  return names;
}

function specificNames(kind: MessageKind, operation = '', mode: string | undefined): Names {
  if (kind === 'ack' || kind === 'error' || kind === 'done') return STATUS;
  if (mode === 'dump' || (kind === 'request' && /(^|-)get/.test(operation))) return GET;
  if (kind === 'unknown') return [];
  return /(^|-)(del|flush)/.test(operation) ? DELETE : NEW;
}
