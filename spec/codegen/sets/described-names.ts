import { camelCase } from '../../../lib/codegen/names.js';
import type { FamilySchema, ModeSchema, OperationSchema, ValueSchema } from '../../../lib/schema/descriptor/descriptor.js';

/**
 * Returns all that a descriptor describes: names of attributes, operations, entries, members, formats and groups, each with its number and type.
 *
 * Attributes and members have the name of their property, so that `if_idx` and `if-idx` are one name.
 */
export function describedNames({ groups, enums, structs, sets, subMessages, operations }: FamilySchema): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { name, number } of groups) found.set(`group ${name}`, String(number ?? 'by name'));
  for (const { name, kind, entries } of enums) {
    found.set(`${kind} ${camelCase(name)}`, '');
    for (const [entry, value] of entries) found.set(`entry ${camelCase(name)}/${entry}`, String(value));
  }
  for (const { name, size, members } of structs) {
    found.set(`struct ${camelCase(name)}`, `${size} bytes`);
    for (const { property, offset, ...member } of members)
      found.set(`member ${camelCase(name)}/${property}`, `at ${offset}, ${typeText(member)}`);
  }
  for (const { name, attributes } of sets) {
    found.set(`set ${camelCase(name)}`, '');
    for (const { property, id, ...value } of attributes)
      found.set(`attribute ${camelCase(name)}/${property}`, `number ${id}, ${typeText(value)}`);
  }
  for (const { name, formats } of subMessages) {
    for (const { value, set = 'nothing' } of formats) found.set(`format ${camelCase(name)}/${value}`, set);
  }
  for (const operation of operations) found.set(`operation ${operation.name}`, operationText(operation));
  return found;
}

function operationText({ set = 'nothing', fixedHeader = 'no header', do: run, dump, command, permission }: OperationSchema): string {
  return `${set} after ${fixedHeader}, do ${modeText(run)}, dump ${modeText(dump)}, event ${command ?? 'none'}, for ${permission ?? 'everyone'}`;
}

function modeText(mode: ModeSchema | undefined): string {
  return mode === undefined ? 'none' : `${mode.request} to ${mode.reply ?? 'nothing'}`;
}

function typeText({ type, byteOrder, hint, element, checks, ...value }: Omit<ValueSchema, 'property'> & { multi?: true }): string {
  const references = [value.enum, value.flags, value.struct, value.set, value.subMessage].filter((name) => name !== undefined);
  const words = [type, byteOrder, hint, ...references.map(camelCase), element && `of ${typeText(element)}`, value.multi && 'repeated'];
  const limits = checks === undefined ? undefined : JSON.stringify(checks);
  return [...words, limits].filter((word) => word !== undefined).join(' ');
}
