import { expect } from 'chai';
import { socketFilter, unixName, type SocketExpression } from '../../../lib/families/sock_diag.js';
import { EncodeError } from '../../../lib/errors/index.js';
import { encodeText } from '../../../lib/wire/index.js';
import { host } from '../../support/host-order.js';

const bytes = (expression: SocketExpression): number[] => [...socketFilter(expression)];
/** struct inet_diag_bc_op: code, length, distance to the place to continue if it is false. */
const op = (code: number, length: number, distance: number): number[] => [code, length, ...host(distance, 0)];
/** A comparison of a port, which is in a second struct. */
const port = (code: number, distance: number, low: number, high = 0): number[] => [...op(code, 8, distance), 0, 0, ...host(low, high)];
/** struct inet_diag_hostcond of IPv4: family, prefix length, any port. */
const four = (code: number, distance: number, prefix: number, ...address: number[]): number[] => [
  ...op(code, 16, distance),
  2,
  prefix,
  0,
  0,
  255,
  255,
  255,
  255,
  ...address,
];
const [S_GE, S_LE, D_GE, D_LE, S_COND, D_COND, JUMP] = [2, 3, 4, 5, 7, 8, 1];

describe('socketFilter', () => {
  it('compiles an empty expression to an instruction without effect', () => {
    expect(bytes({})).to.deep.equal([0, 4, ...host(4, 0)]);
    expect(bytes({ and: [] })).to.deep.equal([0, 4, ...host(4, 0)]);
  });

  it('compares ports with both ends of a range; a failure leaves the program 4 bytes behind its end', () => {
    expect(bytes({ sport: 443 })).to.deep.equal([...port(S_GE, 20, 0xbb, 1), ...port(S_LE, 12, 0xbb, 1)]);
    expect(bytes({ dport: { min: 1024 } })).to.deep.equal([...port(D_GE, 20, 0, 4), ...port(D_LE, 12, 255, 255)]);
  });

  it('compares addresses, interfaces, marks and cgroups', () => {
    expect(bytes({ src: '10.0.0.0/8' })).to.deep.equal(four(S_COND, 20, 8, 10, 0, 0, 0));
    expect(bytes({ dst: '10.1.2.3' })).to.deep.equal(four(D_COND, 20, 32, 10, 1, 2, 3));
    const six = [10, 0, 0, 0, 255, 255, 255, 255, ...new Array<number>(16).fill(0)];
    expect(bytes({ dst: '::/0' })).to.deep.equal([...op(D_COND, 28, 32), ...six]);
    expect(bytes({ dev: 3 })).to.deep.equal([...op(9, 8, 12), ...host(3, 0, 0, 0)]);
    expect(bytes({ mark: 5 })).to.deep.equal([...op(10, 12, 16), ...host(5, 0, 0, 0), 255, 255, 255, 255]);
    expect(bytes({ mark: { value: 4, mask: 6 } })).to.deep.equal([...op(10, 12, 16), ...host(4, 0, 0, 0), ...host(6, 0, 0, 0)]);
    expect(bytes({ cgroup: 0x0102n })).to.deep.equal([...op(13, 12, 16), ...host(2, 1, 0, 0, 0, 0, 0, 0)]);
  });

  it('jumps over the alternatives of or, and behind the end of a negated condition', () => {
    const one = four(S_COND, 20, 8, 10, 0, 0, 0);
    const two = four(S_COND, 20, 8, 11, 0, 0, 0);
    expect(bytes({ or: [{ src: '10.0.0.0/8' }, { src: '11.0.0.0/8' }] })).to.deep.equal([...one, ...op(JUMP, 4, 20), ...two]);
    expect(bytes({ not: { src: '10.0.0.0/8' } })).to.deep.equal([...one, ...op(JUMP, 4, 8)]);
    expect(bytes({ or: [] })).to.deep.equal(op(JUMP, 4, 8));
  });

  const faults: readonly (readonly [string, object, string])[] = [
    ['an unknown property', { sprot: 1 }, "socketFilter: unknown property 'sprot'"],
    ['an unknown property further in', { or: [{}, { not: { x: 1 } }] }, "socketFilter.or[1].not: unknown property 'x'"],
    ['a port that is too large', { sport: 65536 }, 'socketFilter.sport.min must be an integer from 0 to 65535'],
    ['an empty range', { sport: { min: 2, max: 1 } }, 'min 2 is greater than max 1'],
    ['text after an address', { src: '10.0.0.0/8 x' }, 'is not an IPv4 address'],
    ['a prefix that is too long', { src: '10.0.0.0/33' }, 'the prefix length must be an integer from 0 to 32'],
    ['an address that is a number', { dst: 1 }, 'socketFilter.dst must be the text of an address'],
    ['a mark outside of its mask', { mark: { value: 3, mask: 1 } }, 'has bits outside of mask 0x1'],
    ['a cgroup that is a number', { cgroup: 1 }, 'socketFilter.cgroup must be a bigint'],
    ['a list instead of an expression', { not: [] }, 'socketFilter.not must be an object, not an array'],
    ['an expression instead of a list', { and: {} }, 'socketFilter.and must be an array'],
  ];
  for (const [what, expression, text] of faults) {
    it(`rejects ${what}`, () => {
      expect(() => socketFilter(expression)).to.throw(Error, text);
    });
  }

  it('rejects an expression whose jumps do not fit into 16 bits', () => {
    const or = new Array<SocketExpression>(4000).fill({ src: '10.0.0.0/8' });
    expect(() => socketFilter({ or })).to.throw(RangeError, 'the expression is too large');
    expect(() => socketFilter({ src: 'x' })).to.throw(EncodeError);
  });
});

describe('unixName', () => {
  it('returns paths without the byte of 0 after them, and abstract names with @', () => {
    expect(unixName(encodeText('/run/x'))).to.equal('/run/x');
    expect(unixName(Uint8Array.of(0, 97, 0, 98))).to.equal('@a@b');
    expect(unixName(undefined)).to.equal('');
  });
});
