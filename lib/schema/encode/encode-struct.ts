import { suggestion } from '../../check/index.js';
import { isBytes, kindOf } from '../../wire/internal.js';
import { AddressFields, ownedFields } from '../codec/address/address-fields.js';
import { completeBareAddresses } from '../codec/address/bind-address.js';
import type { Scope } from '../codec/back-end.js';
import { type Encoders, type ValueEncoder, isRecord } from '../codec/encode-context.js';
import type { MemberSchema, StructSchema } from '../descriptor/descriptor.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';
import { findCodec, hasValue } from '../kinds/table.js';
import { lengthWriter } from './encode-length.js';
import { defaultWriter } from './encode-default.js';
import { onlyAllowed } from './encode-only.js';
import { withoutValue } from './encode-secret.js';
import { unionEncoder } from './encode-union.js';
import type { MemberWriter } from './member-writer.js';
import { writtenNumber } from './write-rule.js';

/** Makes the encoder that appends a struct: an object, whose missing members are 0, or its bytes. @internal */
export function makeStructEncoder(encoders: Encoders, index: SchemaIndex, struct: StructSchema): ValueEncoder {
  const members = memberWriters(encoders, index, struct);
  const owned = ownedFields(index.addressFields, members);
  const writeLength = lengthWriter(index, struct, members);
  const writeDefaults = defaultWriter(struct, members);
  return (context, value, outer) => {
    if (isBytes(value)) {
      if (value.byteLength < struct.size)
        context.fail(`expected at least ${struct.size} bytes for ${struct.name}, got ${value.byteLength}`);
      context.writer.write(value);
      return;
    }
    if (!isRecord(value)) return context.fail(`${kindOf(value)} is not an object`);
    const start = context.writer.reserve(struct.size);
    const fields = owned === undefined || context.request === undefined ? undefined : new AddressFields(owned, value);
    const scope: Scope = { value, outer, fields };
    for (const name of Object.keys(value)) {
      const given = value[name];
      if (given === undefined) continue;
      context.path.push(name);
      const member = members.get(name) ?? context.fail(suggestion(name, members.keys()) || `${struct.name} has no such member`);
      member(context, start, given, scope);
      context.path.pop();
    }
    if (fields !== undefined) {
      completeBareAddresses(context, fields);
      for (const { property, value: number } of fields.filled) members.get(property)!(context, start, number, scope);
    }
    writeDefaults?.(context, start, scope);
    writeLength?.(context, start, scope);
    if (struct.grows === true && context.request === undefined) context.writer.length = start + grownSize(struct, value);
  };
}

/** Returns the bytes of a struct that the kernel would send: up to the last member of the value. @internal */
export function grownSize({ members, size, minimum = 0 }: StructSchema, value: Readonly<Record<string, unknown>>): number {
  const lacking = members.find(
    ({ type, property }) => type !== 'pad' && (!Object.hasOwn(value, property) || value[property] === undefined),
  );
  return lacking === undefined ? size : Math.max(minimum, lacking.offset);
}

/** Makes the writer of each member that has a value, by property. @internal */
export function memberWriters(
  encoders: Encoders,
  index: SchemaIndex,
  struct: StructSchema,
  hidden?: string,
): ReadonlyMap<string, MemberWriter> {
  const members = struct.members.filter((member) => hasValue(member) && member.name !== hidden);
  return new Map(
    members.map((member) => {
      const allowed = onlyAllowed<Parameters<MemberWriter> extends [unknown, ...infer Rest] ? Rest : never>(
        index,
        member,
        ([, value]) => value,
        memberWriter(encoders, index, struct, member),
      );
      return [member.property, withoutValue(member, ([, value]) => value, allowed)];
    }),
  );
}

function memberWriter(encoders: Encoders, index: SchemaIndex, struct: StructSchema, member: MemberSchema): MemberWriter {
  const { write: rule } = member;
  const write = plainWriter(encoders, index, struct, member);
  if (rule === undefined) return write;
  return (context, start, value, scope) => {
    write(context, start, context.isWrite ? writtenNumber(rule, value) : value, scope);
  };
}

function plainWriter(encoders: Encoders, index: SchemaIndex, struct: StructSchema, member: MemberSchema): MemberWriter {
  const { offset, size } = member;
  const writeInteger = findCodec(member).writeInteger?.(encoders, member, offset);
  if (writeInteger !== undefined) return writeInteger;
  const encode = member.subMessage === undefined ? encoders.value(member) : unionEncoder(encoders, index, struct, member);
  if (size === undefined) {
    // Text of variable size has no NUL: its size is known.
    const surplus = member.type === 'string' ? 1 : 0;
    return (context, _start, value, scope) => {
      encode(context, value, scope, 0);
      context.writer.length -= surplus;
    };
  }
  // The value is appended, measured, and moved to the member's offset.
  return (context, start, value, scope) => {
    const { writer } = context;
    const end = writer.length;
    encode(context, value, scope, 0);
    const length = writer.length - end;
    if (length > size) context.fail(`expected at most ${size} bytes for ${member.name}, got ${length}`);
    writer.bytes.copyWithin(start + offset, end, end + length);
    writer.length = end;
  };
}
