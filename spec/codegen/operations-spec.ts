import { expect } from 'chai';
import { writeFamily } from '../../lib/codegen/write/write-family.js';
import { read } from './specifications.js';

describe('codegen: operations', () => {
  it('numbers the unified model from 1 and after a value', () => {
    const { operations } = read(`
operations:
  list:
    - { name: unspec, value: 0 }
    - { name: add, attribute-set: top, do: { request: {} } }
    - { name: get, attribute-set: top, do: { request: {}, reply: {} }, dump: { reply: {} } }
    - { name: version, attribute-set: top, do: { reply: {} } }
    - { name: get-ntf, notify: get }
`);
    expect(operations).to.deep.equal([
      { name: 'unspec' },
      { name: 'add', set: 'top', do: { request: 1 } },
      { name: 'get', set: 'top', do: { request: 2, reply: 2, replySure: true }, dump: { request: 2, reply: 2 } },
      { name: 'version', set: 'top', do: { request: 3, reply: 3, replySure: true } },
      { name: 'get-ntf', set: 'top', notify: 'get', command: 4 },
    ]);
  });

  it('numbers the two directions of the directional model separately', () => {
    const { operations } = read(`
operations:
  enum-model: directional
  list:
    - { name: a-get, attribute-set: top, do: { request: {}, reply: {} }, dump: { request: {}, reply: {} } }
    - { name: a-set, attribute-set: top, do: { request: {} } }
    - { name: a-ntf, notify: a-get }
    - { name: b-get, attribute-set: top, do: { request: { value: 16 }, reply: { value: 40 } }, dump: { reply: {} } }
    - { name: b-event, attribute-set: top, event: { attributes: [id] } }
    - { name: c-get, attribute-set: top, dump: { request: { value: 10 }, reply: { value: 11 } } }
`);
    const numbers = operations.map(({ name, do: run, dump, command }) => [
      name,
      run?.request,
      run?.reply,
      dump?.request,
      dump?.reply,
      command,
    ]);
    expect(numbers).to.deep.equal([
      ['a-get', 1, 1, 1, 1, undefined],
      ['a-set', 2, undefined, undefined, undefined, undefined],
      ['a-ntf', undefined, undefined, undefined, undefined, 2],
      ['b-get', 16, 40, 16, 40, undefined],
      ['b-event', undefined, undefined, undefined, undefined, 41],
      ['c-get', undefined, undefined, 10, 11, undefined],
    ]);
  });

  it('uses the fixed header of the operation, else of the family; for a notification that of its operation', () => {
    const { operations } = read(`
definitions:
  - { name: wide, type: struct, members: [{ name: w, type: u32 }] }
  - { name: own, type: struct, members: [{ name: o, type: u32 }] }
operations:
  fixed-header: wide
  list:
    - { name: a, attribute-set: top, do: { request: {} } }
    - { name: b, attribute-set: top, fixed-header: own, do: { request: {}, reply: {} } }
    - { name: c, notify: b }
`);
    expect(operations.map(({ fixedHeader }) => fixedHeader)).to.deep.equal(['wide', 'own', 'own']);
  });

  it('reads events for one socket: they have no group, and are not notifications', () => {
    const list = (entry: string) => `
mcast-groups: { list: [{ name: all }] }
operations:
  list:
    - { name: get, attribute-set: top, do: { request: {}, reply: {} } }
    - { name: packet, attribute-set: top, ${entry} }
`;
    expect(read(list('event: {}, unicast: true')).operations[1]).to.deep.equal({
      name: 'packet',
      set: 'top',
      event: true,
      command: 2,
      unicast: true,
    });
    const text = writeFamily(read(list('event: {}, unicast: true')), 'sample.yaml');
    expect(text).to.match(/notifications: object;\s+groups: \{\s+all: never;\s+\};\s+events: \{\s+packet: PacketEvent;\s+\};/);
    expect(writeFamily(read(list('event: {}')), 'sample.yaml')).not.to.include('events:');
    expect(() => read(list('event: {}, unicast: true, mcgrp: all'))).to.throw('a unicast event has no group');
    expect(() => read(list('notify: get, unicast: true'))).to.throw('only an event is sent to one socket');
    expect(() => read(list('do: { request: {} }, unicast: true'))).to.throw('only an event is sent to one socket');
    expect(() => read(list('event: {}, unicast: all'))).to.throw('must be true or false');
  });

  it('reads permissions, groups, variants and merges', () => {
    const { operations, groups, generic } = read(`
version: 2
definitions: [{ name: hdr, type: struct, members: [{ name: fam, type: u8 }] }]
mcast-groups: { list: [{ name: config }, { name: scan }] }
operations:
  fixed-header: hdr
  list:
    - name: get
      attribute-set: top
      flags: [uns-admin-perm]
      dump: { reply: {} }
      variants: [{ member: fam, value: 7, attribute-set: top }]
      merge: { key: [ifindex], lists: [{ path: [peers], by: property, property: key }, { path: [peers, '*', ips], by: append }] }
    - { name: one, notify: get, mcgrp: scan }
    - { name: any, notify: get }
`);
    expect(generic).to.deep.equal({ version: 2 });
    expect(groups).to.deep.equal([{ name: 'config' }, { name: 'scan' }]);
    expect(operations[0]).to.deep.include({
      permission: 'uns-admin-perm',
      variants: [{ member: 'fam', value: 7, set: 'top' }],
      merge: {
        key: ['ifindex'],
        lists: [
          { path: ['peers'], by: { property: 'key' } },
          { path: ['peers', '*', 'ips'], by: 'append' },
        ],
      },
    });
    expect(operations[1]!.groups).to.deep.equal(['scan']);
    expect(operations[2]).not.to.have.property('groups');
  });

  it('reads protocols and their groups', () => {
    const { protocol, groups, generic } = read('protocol: netlink-raw\nprotonum: 12\nmcast-groups: { list: [{ name: mgmt, value: 7 }] }');
    expect({ protocol, groups, generic }).to.deep.equal({ protocol: 12, groups: [{ name: 'mgmt', number: 7 }], generic: undefined });
    for (const kind of ['genetlink', 'genetlink-c', 'genetlink-legacy']) expect(read(`protocol: ${kind}`).protocol).to.equal(16);
  });

  it('reports attributes that an operation lists and its set lacks', () => {
    const notes: string[] = [];
    read('operations: { list: [{ name: get, attribute-set: top, do: { request: { attributes: [id, stray] } } }] }', notes);
    expect(notes).to.deep.equal(["sample.yaml: operations.list[get].do.request.attributes[stray]: neither 'top' nor the header has it"]);
  });
});
