import { expect } from 'chai';
import fc from 'fast-check';
import {
  AuditClient,
  auditSchema,
  decodeAuditRule,
  encodeAuditRule,
  type AuditRule,
  type AuditRuleData,
  type AuditRuleField,
} from '../../../lib/families/audit.js';
import { COMPARISONS, FIELDS, OPERATORS } from '../../../lib/families/audit/rule-table.js';
import { DecodeError, EncodeError, MESSAGE_HEADER_SIZE } from '../../../lib/index.js';
import { fakeKernel } from '../../../lib/testing/index.js';
import { needsLittleEndian } from '../../support/host-order.js';
import { collect, pause } from '../../support/sockets.js';

const zeros = (count: number): number[] => new Array<number>(count).fill(0);
const words = (...first: readonly number[]): number[] => [...first, ...zeros(64 - first.length)];

/** The rule of `auditctl -a always,exit -F arch=b64 -S execve -F auid!=-1 -F key=rxnl-x`, as the kernel listed it. */
const EXECVE: AuditRuleData = {
  flags: 4, // AUDIT_FILTER_EXIT
  action: 2, // AUDIT_ALWAYS
  fieldCount: 3,
  mask: words(0, 1 << 27), // 59
  fields: words(11, 9, 210), // AUDIT_ARCH, AUDIT_LOGINUID, AUDIT_FILTERKEY
  values: words(0xc000_003e, 0xffff_ffff, 6),
  fieldflags: words(0x4000_0000, 0x3000_0000, 0x4000_0000),
  buflen: 6,
  buf: Buffer.from('rxnl-x'),
};
const EXECVE_RULE: AuditRule = {
  list: 'exit',
  action: 'always',
  syscalls: [59],
  fields: [
    { field: 'arch', operator: '=', value: 'x86_64' },
    { field: 'auid', operator: '!=', value: 0xffff_ffff },
    { field: 'key', operator: '=', value: 'rxnl-x' },
  ],
};

const withField = (field: object, rule: object = {}): AuditRule =>
  ({ list: 'exit', action: 'always', syscalls: 'all', fields: [field], ...rule }) as unknown as AuditRule;

function faultOf(rule: AuditRule): { readonly path: string; readonly message: string } {
  try {
    encodeAuditRule(rule);
  } catch (error) {
    if (error instanceof EncodeError) return error;
    throw error;
  }
  throw new Error('the rule was encoded');
}

describe('rules of audit', () => {
  it('are encoded as the struct of the kernel', () => {
    const { buf, ...data } = encodeAuditRule(EXECVE_RULE);
    const { buf: text, ...expected } = EXECVE;
    expect(data).to.deep.equal(expected);
    expect(Buffer.from(buf)).to.deep.equal(text);
  });

  it('are decoded from the struct of the kernel', () => {
    expect(decodeAuditRule(EXECVE)).to.deep.equal(EXECVE_RULE);
  });

  it('have the same bytes in a request as auditctl sends', async function () {
    needsLittleEndian(this);
    const transport = fakeKernel();
    const done = collect(new AuditClient({ transport }).addRule(EXECVE_RULE));
    await pause();
    done.stop();
    const [{ type, payload }] = transport.requests as [(typeof transport.requests)[number]];
    expect({ type, length: payload.length }).to.deep.equal({ type: 1011, length: 1046 });
    const hex = (start: number, end: number) => Buffer.from(payload.subarray(start, end)).toString('hex');
    // flags, action, field_count; mask[1]; fields; values; fieldflags; buflen and buf
    expect(hex(0, 12)).to.equal('040000000200000003000000');
    expect(hex(12, 24)).to.equal('000000000000000800000000');
    expect(hex(268, 284)).to.equal('0b00000009000000d200000000000000');
    expect(hex(524, 540)).to.equal('3e0000c0ffffffff0600000000000000');
    expect(hex(780, 796)).to.equal('00000040000000300000004000000000');
    expect(hex(1036, 1046)).to.equal('0600000072786e6c2d78');
    expect(MESSAGE_HEADER_SIZE + auditSchema.structs.find(({ name }) => name === 'audit-rule-data')!.size).to.equal(1056);
  });

  const values: readonly [AuditRuleField, number][] = [
    [{ field: 'uid', operator: '>=', value: 1000 }, 1000],
    [{ field: 'exit', operator: '=', value: -13 }, 0xffff_fff3],
    [{ field: 'success', operator: '!=', value: 1 }, 1],
    [{ field: 'a0', operator: '&', value: 0xffff_ffff }, 0xffff_ffff],
    [{ field: 'arch', operator: '=', value: 'aarch64' }, 0xc000_00b7],
    [{ field: 'arch', operator: '=', value: 0x1234 }, 0x1234],
    [{ field: 'perm', operator: '=', value: 'rwxa' }, 15],
    [{ field: 'perm', operator: '=', value: 'wa' }, 10],
    [{ field: 'filetype', operator: '=', value: 'socket' }, 0o140000],
    [{ field: 'field_compare', operator: '!=', value: ['uid', 'obj_uid'] }, 1],
    [{ field: 'field_compare', operator: '=', value: ['sgid', 'fsgid'] }, 25],
    [{ field: 199, operator: '=', value: 7 }, 7],
  ];
  for (const [field, value] of values) {
    it(`have the value ${value} for ${JSON.stringify(field)}`, () => {
      const rule = withField(field);
      const data = encodeAuditRule(rule);
      expect(data.values[0]).to.equal(value);
      expect(decodeAuditRule(data)).to.deep.equal(rule);
    });
  }

  it('encode names of records, and pairs in either order', () => {
    const rule = withField({ field: 'msgtype', operator: '=', value: 'USER_LOGIN' }, { list: 'exclude', syscalls: undefined });
    expect(encodeAuditRule(rule).values[0]).to.equal(1112);
    const pair = withField({ field: 'field_compare', operator: '=', value: ['obj_uid', 'auid'] });
    expect(encodeAuditRule(pair).values[0]).to.equal(5);
  });

  it('join several texts without separators', () => {
    const rule = withField({ field: 'path', operator: '=', value: '/tmp/é' });
    const two = { ...rule, fields: [...rule.fields, { field: 'key', operator: '=', value: 'k' } as const] };
    const data = encodeAuditRule(two);
    expect({ text: Buffer.from(data.buf).toString(), lengths: data.values.slice(0, 2), buflen: data.buflen }).to.deep.equal({
      text: '/tmp/ék',
      lengths: [7, 1],
      buflen: 8,
    });
    expect(decodeAuditRule(data)).to.deep.equal(two);
  });

  it("have all system calls as auditctl's -S all", () => {
    const { mask } = encodeAuditRule(withField({ field: 'uid', operator: '=', value: 0 }));
    expect(mask).to.deep.equal(new Array<number>(64).fill(0xffff_ffff));
    // The kernel lists it without the bits of the 16 classes.
    expect(decodeAuditRule({ ...EXECVE, mask: [...mask.slice(1), 0xffff] }).syscalls).to.equal('all');
    expect(decodeAuditRule({ ...EXECVE, mask: [...mask.slice(1), 0] }).syscalls).to.have.lengthOf(2016);
  });

  const faults: readonly [string, AuditRule, string, RegExp][] = [
    ['another list', withField({}, { list: 'entry', fields: [] }), '.list', /expected one of user, task, exit/],
    ['another action', withField({}, { action: 'possible', fields: [] }), '.action', /expected one of never, always, got "possible"/],
    ['an unknown property', withField({}, { key: 'x', fields: [] }), '.key', /unknown property/],
    [
      '65 fields',
      withField({}, { fields: new Array(65).fill({ field: 'uid', operator: '=', value: 0 }) }),
      '.fields',
      /at most 64 fields, got 65/,
    ],
    ['no fields', withField({}, { fields: undefined }), '.fields', /expected an array, got undefined/],
    ['no system calls', withField({}, { syscalls: undefined, fields: [] }), '.syscalls', /without them it matches nothing/],
    ['an empty list of system calls', withField({}, { syscalls: [], fields: [] }), '.syscalls', /without them it matches nothing/],
    [
      'system calls that the list ignores',
      withField({}, { list: 'user', syscalls: [59], fields: [] }),
      '.syscalls',
      /the kernel ignores the numbers of system calls in the list user/,
    ],
    ['the number of a class', withField({}, { syscalls: [0, 2032], fields: [] }), '.syscalls[1]', /from 0 to 2031, got 2032/],
    [
      'an unknown field',
      withField({ field: 'uidd', operator: '=', value: 0 }),
      '.fields[0].field',
      /unknown field "uidd".*did you mean.*uid/,
    ],
    ['an inherited name', withField({ field: 'toString', operator: '=', value: 0 }), '.fields[0].field', /unknown field "toString"/],
    ['another operator', withField({ field: 'uid', operator: '==', value: 0 }), '.fields[0].operator', /expected one of &, </],
    ['an order of keys', withField({ field: 'key', operator: '<', value: 'x' }), '.fields[0].operator', /expected = or != for key, got </],
    ['bits of IDs', withField({ field: 'uid', operator: '&', value: 1 }), '.fields[0].operator', /no tests of bits for uid/],
    ['a number as text', withField({ field: 'key', operator: '=', value: 7 }), '.fields[0].value', /7 is not a string/],
    ['text as a number', withField({ field: 'uid', operator: '=', value: '0' }), '.fields[0].value', /expected a number, got string/],
    ['a negative ID', withField({ field: 'uid', operator: '=', value: -1 }), '.fields[0].value', /from 0 to 4294967295, got -1/],
    [
      'a result of 32 bits',
      withField({ field: 'exit', operator: '=', value: 0x8000_0000 }),
      '.fields[0].value',
      /from -2147483648 to 2147483647/,
    ],
    ['an empty key', withField({ field: 'key', operator: '=', value: '' }), '.fields[0].value', /expected 1 to 256 bytes, got 0/],
    ['a long key', withField({ field: 'key', operator: '=', value: 'k'.repeat(257) }), '.fields[0].value', /got 257/],
    ['a NUL', withField({ field: 'key', operator: '=', value: 'a\0b' }), '.fields[0].value', /without a NUL/],
    [
      'a relative path',
      withField({ field: 'path', operator: '=', value: 'etc' }),
      '.fields[0].value',
      /expected an absolute path, got "etc"/,
    ],
    ['a path that ends with /', withField({ field: 'path', operator: '=', value: '/etc/' }), '.fields[0].value', /without \/ at its end/],
    ['a path that must differ', withField({ field: 'path', operator: '!=', value: '/etc' }), '.fields[0].operator', /expected = for path/],
    [
      'a path in another list',
      withField({ field: 'dir', operator: '=', value: '/etc' }, { list: 'task', syscalls: undefined }),
      '.fields[0].field',
      /needs the list exit/,
    ],
    ['wrong letters', withField({ field: 'perm', operator: '=', value: 'rz' }), '.fields[0].value', /letters of r, w, x and a, got "rz"/],
    ['an unknown architecture', withField({ field: 'arch', operator: '=', value: 'b64' }), '.fields[0].value', /unknown name "b64"/],
    [
      'a pair that does not exist',
      withField({ field: 'field_compare', operator: '=', value: ['uid', 'gid'] }),
      '.fields[0].value',
      /cannot compare uid and gid/,
    ],
    [
      'msgtype in another list',
      withField({ field: 'msgtype', operator: '=', value: 1 }),
      '.fields[0].field',
      /needs the list exclude or user/,
    ],
    ['fstype in another list', withField({ field: 'fstype', operator: '=', value: 1 }), '.fields[0].field', /needs the list filesystem/],
    [
      'fields of a file system',
      withField({ field: 'uid', operator: '=', value: 1 }, { list: 'filesystem', syscalls: undefined }),
      '.fields[0].field',
      /only the fields fstype and key/,
    ],
    [
      'perm of io_uring',
      withField({ field: 'perm', operator: '=', value: 'r' }, { list: 'io_uring' }),
      '.fields[0].field',
      /does not exist in the list io_uring/,
    ],
  ];
  for (const [what, rule, path, message] of faults) {
    it(`are an EncodeError with ${what}`, () => {
      const fault = faultOf(rule);
      expect(fault.path).to.equal(path);
      expect(fault.message).to.match(message);
    });
  }

  it('are an EncodeError with two keys, or two places', () => {
    const key = { field: 'key', operator: '=', value: 'x' } as const;
    expect(faultOf({ ...EXECVE_RULE, fields: [key, key] }).message).to.match(/a rule has one key/);
    const [path, dir] = (['path', 'dir'] as const).map((field) => ({ field, operator: '=', value: '/etc' }) as const);
    expect(faultOf({ ...EXECVE_RULE, fields: [path!, dir!] }).message).to.match(/a rule has one of path, dir and inode/);
  });

  const rows: readonly [string, Partial<AuditRuleData>, RegExp][] = [
    ['an unknown list', { flags: 9 }, /\.flags: audit rule: unknown list 9/],
    ['an unknown action', { action: 7 }, /\.action: audit rule: unknown action 7/],
    ['an unknown operator', { fieldflags: words(1) }, /\.fieldflags: audit rule: unknown operator 0x1/],
    ['too many fields', { fieldCount: 65 }, /\.field-count: audit rule: expected at most 64 fields, got 65/],
    ['text past the buffer', { values: words(0, 0, 7) }, /\.values: audit rule: a text of 7 bytes at 0 is longer than the buffer of 6/],
    ['text of 4 GiB', { values: words(0, 0, 0xffff_ffff) }, /a text of 4294967295 bytes/],
  ];
  for (const [what, change, message] of rows) {
    it(`are a DecodeError with ${what}`, () => {
      expect(() => decodeAuditRule({ ...EXECVE, ...change })).to.throw(DecodeError, message);
    });
  }

  it('are decoded from any numbers, or are a DecodeError', () => {
    const word = fc.oneof(fc.constantFrom(...Object.values(FIELDS).map(({ number }) => number), ...Object.values(OPERATORS)), fc.nat(300));
    const list = fc.array(word, { minLength: 64, maxLength: 64 });
    const row = fc.record({
      flags: fc.constantFrom(0, 1, 4, 5, 6, 7, 20),
      action: fc.constantFrom(0, 2),
      fieldCount: fc.nat(70),
      mask: list,
      fields: list,
      values: list,
      fieldflags: fc.array(fc.constantFrom(...Object.values(OPERATORS)), { minLength: 64, maxLength: 64 }),
      buf: fc.uint8Array({ maxLength: 300 }),
    });
    let decoded = 0;
    fc.assert(
      fc.property(row, (data) => {
        try {
          decodeAuditRule({ ...data, buflen: data.buf.length });
          decoded++;
        } catch (error) {
          expect(error).to.be.instanceOf(DecodeError);
        }
      }),
    );
    expect(decoded).to.be.greaterThan(0);
    expect(COMPARISONS).to.have.lengthOf(25); // AUDIT_MAX_FIELD_COMPARE
  });
});
