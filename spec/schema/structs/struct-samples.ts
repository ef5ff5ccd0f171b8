import { read } from '../../codegen/specifications.js';
import type { FamilySchema } from '../../../lib/schema/index.js';

/** A specification with all forms of structs: variable, counted and growing ones, unions, addresses whose family is another field. */
export const STRUCTS: FamilySchema = read(`
protocol: netlink-raw
protonum: 6
definitions:
  - { name: what, type: enum, entries: [{ name: fork, value: 1 }, { name: id, value: 2 }, { name: mark, value: 4 }, { name: none, value: 8 }, { name: raw, value: 16 }] }
  - { name: pair, type: struct, members: [{ name: parent, type: u32 }, { name: child, type: u32, byte-order: big-endian }] }
  - { name: small, type: struct, grows: true, members: [{ name: low, type: u8 }, { name: high, type: u8 }] }
  - name: event
    type: struct
    members:
      - { name: what, type: u32, enum: what }
      - { name: data, type: sub-message, sub-message: event-data, selector: what, len: 8 }
      - { name: flag, type: u8 }
      - { name: number, type: u8 }
      - { name: tail, type: sub-message, sub-message: numbered, selector: number }
  - name: record
    type: struct
    members: [{ name: id, type: u16 }, { name: level, type: u8 }, { name: text, type: string }]
  - name: context
    type: struct
    members:
      - { name: alg, type: u8 }
      - { name: pad, type: pad, len: 1 }
      - { name: ctx-len, type: u16, byte-order: big-endian }
      - { name: context, type: string, length-member: ctx-len }
  - name: key
    type: struct
    members:
      - { name: name, type: string, len: 8 }
      - { name: bits, type: u16 }
      - { name: key, type: binary, length-member: bits, length-unit: bits, secret: true }
  - name: words
    type: struct
    members:
      - { name: count, type: u8 }
      - { name: last, type: u8 }
      - { name: word, type: binary, sub-type: u16, length-member: count, length-unit: elements }
  - name: counted
    type: struct
    members:
      - { name: size, type: u8 }
      - { name: bytes, type: binary, length-member: size }
  - name: pairs
    type: struct
    members: [{ name: size, type: u32 }, { name: pair, type: binary, struct: pair, repeated: true, length-member: size }]
  - name: batch
    type: struct
    members: [{ name: id, type: u8 }, { name: entry, type: binary, struct: counted, repeated: true }]
  - name: info
    type: struct
    grows: true
    minimum: 3
    members:
      - { name: state, type: u8, enum: what }
      - { name: gap, type: pad, len: 1 }
      - { name: ca, type: u8 }
      - { name: bits, type: s16 }
      - { name: rtt, type: u32 }
      - { name: pair, type: binary, struct: pair }
      - { name: rate, type: u64 }
      - { name: end, type: u8 }
  - name: status
    type: struct
    grows: true
    members: [{ name: mask, type: u32 }, { name: pid, type: u32 }, { name: lost, type: u16 }]
  - name: selector
    type: struct
    members:
      - { name: daddr, type: binary, len: 16, address: { family: family, prefix: prefixlen-d, bare: { '*': full } } }
      - { name: saddr, type: binary, len: 16, address: { family: family } }
      - { name: family, type: u16 }
      - { name: prefixlen-d, type: u8 }
      - { name: pad, type: pad, len: 1 }
  - name: id
    type: struct
    members:
      - { name: daddr, type: binary, len: 16, address: { family: [family, sel.family] } }
      - { name: spi, type: u32, byte-order: big-endian }
  - name: state
    type: struct
    members:
      - { name: sel, type: binary, struct: selector }
      - { name: id, type: binary, struct: id }
      - { name: saddr, type: binary, len: 16, address: { family: family } }
      - { name: family, type: u16 }
      - { name: pad, type: pad, len: 2 }
  - name: acquire
    type: struct
    members:
      - { name: id, type: binary, struct: id }
      - { name: sel, type: binary, struct: selector }
attribute-sets:
  - name: top
    attributes:
      - { name: coaddr, type: binary, len: 16, address: { family: [family, sel.family] } }
      - { name: ids, type: binary, struct: id, repeated: true }
      - { name: info, type: binary, struct: info }
      - { name: small, type: binary, struct: small }
      - { name: sec, type: binary, struct: context }
      - { name: key, type: binary, struct: key }
      - { name: words, type: binary, struct: words }
      - { name: pairs, type: binary, struct: pairs }
      - { name: batch, type: binary, struct: batch }
      - { name: event, type: binary, struct: event }
      - { name: inner, type: nest, nested-attributes: top }
      - { name: number, type: u32 }
sub-messages:
  - name: event-data
    formats:
      - { value: fork, fixed-header: pair }
      - { value: id, fixed-header: small }
      - { value: mark, content: { type: u16, byte-order: big-endian } }
      - { value: none }
      - { value: raw, content: { type: binary } }
  - name: numbered
    formats: [{ value: '3', fixed-header: small }, { value: '4', content: { type: u32 } }]
operations:
  list:
    - { name: state, value: 1, attribute-set: top, fixed-header: state, do: { request: {}, reply: {} } }
    - { name: acquire, value: 2, attribute-set: top, fixed-header: acquire, do: { request: {}, reply: {} } }
    - { name: record, value: 3, fixed-header: record, do: { request: {}, reply: {} } }
    - { name: event, value: 4, fixed-header: event, do: { request: {}, reply: {} } }
    - { name: context, value: 5, attribute-set: top, fixed-header: context, do: { request: {}, reply: {} } }
    - { name: batch, value: 6, fixed-header: batch, do: { request: {}, reply: {} } }
    - { name: status, value: 7, fixed-header: status, do: { request: {}, reply: {} } }
    - { name: pairs, value: 8, attribute-set: top, fixed-header: pairs, do: { request: {}, reply: {} } }
`);
