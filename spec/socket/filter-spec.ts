import { expect } from 'chai';
import { bpf, encodeMessage, netlink, type FilterInstruction, type MessageFilter } from '../../lib/index.js';
import { filterProgram } from '../../lib/socket/filter/bpf.js';
import { checkFilter, encodeFilter } from '../../lib/socket/filter/filter.js';
import { fakeKernel } from '../../lib/testing/index.js';
import { host } from '../support/host-order.js';

/** Interprets a program as the kernel does; it knows only the instructions of these programs. */
function run(program: readonly FilterInstruction[], bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let accumulator = 0;
  for (let at = 0; at < program.length; at++) {
    const { code, jumpTrue, jumpFalse, operand } = program[at]!;
    const size = { 0x30: 1, 0x28: 2, 0x20: 4 }[code];
    if (size !== undefined) {
      if (operand + size > bytes.length) return 0;
      accumulator = size === 1 ? view.getUint8(operand) : size === 2 ? view.getUint16(operand) : view.getUint32(operand);
    } else if (code === 0x15) at += accumulator === operand ? jumpTrue : jumpFalse;
    else if (code === 0x06) return operand;
    else throw new Error(`code ${code}`);
  }
  throw new Error('ran past the end');
}

const OWN = 0x1234_5678;
const ALL = 0xffff_ffff;
const message = (type: number, payload: readonly number[] = [], portId = 0) =>
  encodeMessage({ type, portId, payload: Uint8Array.from(payload) });
const link = (index: number) => message(16, [0, 0, 0, 0, ...host(index, 0, 0, 0), 0, 0, 0, 0, 0, 0, 0, 0]);
const verdict = (filter: MessageFilter, bytes: Uint8Array) => run(filterProgram(filter, OWN), bytes);

describe('bpf', () => {
  it('passes only the listed types, and keeps the whole datagram', () => {
    const filter = bpf.messageTypes(16, 17, 0x1234);
    expect([16, 17, 0x1234, 18, 0x3412].map((type) => verdict(filter, message(type)))).to.deep.equal([ALL, ALL, ALL, 0, 0]);
  });

  it('passes messages about the listed interfaces', () => {
    const filter = bpf.interfaceIndexes(2, 7);
    expect([1, 2, 7, 8].map((index) => verdict(filter, link(index)))).to.deep.equal([0, ALL, ALL, 0]);
    expect(verdict(filter, message(16))).to.equal(0);
  });

  it('passes the listed commands', () => {
    const filter = bpf.genericCommands(3);
    expect([3, 4].map((command) => verdict(filter, message(30, [command, 1, 0, 0])))).to.deep.equal([ALL, 0]);
  });

  it('passes messages that all of several filters pass', () => {
    const filter = bpf.every(bpf.messageTypes(16), bpf.interfaceIndexes(2));
    expect([link(2), link(3), message(17, [0, 0, 0, 0, ...host(2, 0, 0, 0)])].map((bytes) => verdict(filter, bytes))).to.deep.equal([
      ALL,
      0,
      0,
    ]);
  });

  it('passes acks, the end of dumps, and messages with the port ID of the socket', () => {
    const filter = bpf.messageTypes(99);
    const kept = [message(2, [0, 0, 0, 0]), message(3, [0, 0, 0, 0]), message(16, [], OWN)];
    expect(kept.map((bytes) => verdict(filter, bytes))).to.deep.equal([ALL, ALL, ALL]);
    expect(verdict(filter, message(16, [], OWN + 1))).to.equal(0);
  });

  it('compiles the largest number of values into a valid program', () => {
    const values = Array.from({ length: 200 }, (_, index) => index);
    const filter = bpf.every(bpf.messageTypes(...values), bpf.interfaceIndexes(...values));
    expect(() => encodeFilter(filterProgram(filter, 1))).to.not.throw();
    expect(() => bpf.messageTypes()).to.throw(RangeError);
    expect(() => bpf.messageTypes(...values, 200)).to.throw(RangeError);
    expect(() => bpf.genericCommands(256)).to.throw(RangeError, '256 does not fit into 1 bytes');
  });

  it('is compiled with the port ID of each opening', async () => {
    const socket = netlink({ protocol: 0, transport: fakeKernel(), filter: bpf.messageTypes(16) });
    using lease = socket.connect();
    expect(lease.closed).to.equal(false);
    socket.setFilter(bpf.messageTypes(17));
    socket.setFilter(null);
  });
});

describe('setFilter() with a program', () => {
  const instruction = (code: number, operand = 0, jumpTrue = 0, jumpFalse = 0) => ({ code, operand, jumpTrue, jumpFalse });
  const RET = instruction(0x06, ALL);

  it('encodes instructions as struct sock_filter', () => {
    expect([...encodeFilter([instruction(0x15, 0x0102_0304, 0, 0), RET])]).to.deep.equal([
      ...[...host(0x15, 0), 0, 0, ...host(4, 3, 2, 1)],
      ...[...host(0x06, 0), 0, 0, ...host(0xff, 0xff, 0xff, 0xff)],
    ]);
  });

  const wrong: readonly (readonly [string, readonly FilterInstruction[], string])[] = [
    ['is empty', [], 'expected 1 to 4096 instructions, got 0'],
    ['is too long', new Array<FilterInstruction>(4097).fill(RET), 'got 4097'],
    ['does not end with a return', [instruction(0x20, 0)], 'filter: the last instruction must return'],
    ['jumps past the end', [instruction(0x15, 1, 1, 0), RET], 'instruction 0 jumps past the end'],
    ['always jumps past the end', [instruction(0x05, 1), RET], 'instruction 0 jumps past the end'],
    ['divides by 0', [instruction(0x34, 0), RET], 'instruction 0 divides by 0'],
    ['reads memory that does not exist', [instruction(0x60, 16), RET], 'memory cell 16; expected 0 to 15'],
    ['writes memory that does not exist', [instruction(0x02, 16), RET], 'memory cell 16; expected 0 to 15'],
  ];
  for (const [what, program, reason] of wrong) {
    it(`rejects a program that ${what}`, () => expect(() => checkFilter(program)).to.throw(RangeError, reason));
  }
});
