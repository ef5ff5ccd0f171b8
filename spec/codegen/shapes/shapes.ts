/**
 * A specification whose requests differ from its replies, and whose operations share the number 20: the header identifies each.
 *
 * `lookup` has a request of its own in each mode; `status` has requests without header and attributes.
 */
export const SHAPES = `
name: shapes
protocol: netlink-raw
protonum: 4
definitions:
  - name: question
    type: struct
    members:
      - { name: q-family, type: u8 }
      - { name: q-protocol, type: u8, default: 6 }
      - { name: fill, type: pad, len: 2 }
      - { name: q-states, type: u32, default: 4095 }
  - name: row
    type: struct
    members:
      - { name: family, type: u8 }
      - { name: state, type: u8 }
      - { name: fill, type: pad, len: 2 }
      - { name: inode, type: u32 }
  - name: other-row
    type: struct
    members: [{ name: family, type: u8 }, { name: fill, type: pad, len: 3 }]
  - name: key
    type: struct
    members: [{ name: id, type: u32 }]
attribute-sets:
  - name: filter
    attributes: [{ name: code, type: binary }, { name: scope, type: u32 }]
  - name: details
    attributes: [{ name: cong, type: string }, { name: mark, type: u32 }]
operations:
  list:
    - name: inet
      value: 20
      when: { member: family, request-member: q-family, values: [2, 10] }
      fixed-header: row
      attribute-set: details
      do: { request: { fixed-header: question, attribute-set: filter }, reply: {} }
      dump: { request: { fixed-header: question, attribute-set: filter, attributes: [code] }, reply: {} }
    - name: other
      value: 20
      when: { member: family, values: [1] }
      fixed-header: other-row
      dump: { request: {}, reply: { attribute-set: details } }
    - name: lookup
      value: 22
      do: { request: { fixed-header: key }, reply: { fixed-header: row, attribute-set: details } }
      dump: { request: { attribute-set: filter }, reply: { fixed-header: row, attribute-set: details } }
    - name: status
      value: 24
      fixed-header: row
      attribute-set: details
      do: { request: { fixed-header: none, attribute-set: none }, reply: {} }
    - { name: inet-gone, value: 20, notify: inet, mcgrp: gone }
    - { name: other-gone, value: 20, notify: other, mcgrp: gone }
mcast-groups: { list: [{ name: gone, value: 1 }] }
`;
