import { expect } from 'chai';
import { findSharedNames, reportSharedNames } from '../../lib/codegen/report-shared-names.js';
import { loadSchema, sources } from './generated.js';
import { read } from './specifications.js';

/** The names that a header shares with an attribute, and why that is harmless. */
const SHARED: Readonly<Record<string, string>> = {
  'rt-rule: table of fib-rule-hdr (u8), fib-rule-attrs (u32)':
    'one meaning: the kernel reads the attribute if there is one, and reports 252 in the field for a number beyond 255',
  'sock_diag: protocol of inet-diag-list (u8), mptcp-request (u32)':
    'one meaning: the kernel reads the attribute if there is one; 262 (MPTCP) does not fit into the field, which is 0 then',
  'tc: loss of tc-netem-qopt (u32), netem-attrs (nest netem-loss-attrs)':
    'a number is the random loss, an object the model that replaces it; the kernel reports a model or none',
};

describe('codegen: names that a header shares with an attribute', () => {
  it('are exactly these, in all families', async () => {
    const found: string[] = [];
    for (const source of sources) {
      for (const { property, struct, set, types } of findSharedNames(await loadSchema(source))) {
        found.push(`${source}: ${property} of ${struct} (${types[0]}), ${set} (${types[1]})`);
      }
    }
    expect(found).to.have.members(Object.keys(SHARED));
  });

  it('are found in messages, sub-messages, nests and records, and reported', () => {
    const notes: string[] = [];
    const schema = read(`
definitions:
  - { name: head, type: struct, members: [{ name: len, type: u16 }, { name: id, type: u8 }, { name: fill, type: pad, len: 1 }] }
attribute-sets:
  - name: inner
    attributes: [{ name: id, type: u64 }, { name: fill, type: u8 }]
  - name: other
    attributes: [{ name: len, type: string }, { name: id, type: pad }]
  - name: top
    attributes:
      - { name: kind, type: string }
      - { name: data, type: sub-message, sub-message: data, selector: kind }
      - { name: peer, type: nest, struct: head, nested-attributes: other }
sub-messages:
  - { name: data, formats: [{ value: a, fixed-header: head, attribute-set: inner }] }
operations: { list: [{ name: get, attribute-set: top, do: { request: {} } }] }
`);
    reportSharedNames(schema, (note) => notes.push(note));
    expect(notes).to.deep.equal([
      "sample.yaml: 'id' is a field of head (u8) and an attribute of inner (u64)",
      "sample.yaml: 'len' is a field of head (u16) and an attribute of other (string)",
    ]);
  });
});
