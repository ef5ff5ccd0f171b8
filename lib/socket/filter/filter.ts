import { hostIsLittleEndian } from '../../wire/index.js';
import { kindOf } from '../../check/index.js';

/** One instruction of classic BPF (`struct sock_filter`). @public */
export interface FilterInstruction {
  /** The operation (`BPF_LD | BPF_H | BPF_ABS`, ...). */
  readonly code: number;
  /** The number of instructions to skip if the condition of a jump holds. */
  readonly jumpTrue: number;
  /** The number of instructions to skip if it does not hold. */
  readonly jumpFalse: number;
  /** The operand. */
  readonly operand: number;
}

/** A classic BPF program; it returns the number of bytes of the datagram to keep. @public */
export type FilterProgram = readonly FilterInstruction[];

/** The longest program that the kernel accepts (`BPF_MAXINSNS`). */
const LONGEST = 4096;
const INSTRUCTION_SIZE = 8;

const CLASS = 0x07;
const LOAD = 0x00;
const LOAD_X = 0x01;
const STORE = 0x02;
const STORE_X = 0x03;
const ALU = 0x04;
const JUMP = 0x05;
const RETURN = 0x06;
const MODE = 0xe0;
const MEMORY = 0x60;
const JUMP_ALWAYS = 0x05;

/**
 * Checks a program as the kernel does: the error names the mistake, where the kernel only reports EINVAL.
 *
 * @throws TypeError if it is not a program; RangeError if it could run past its end, use memory that does not exist, divide by 0
 * or never return.
 * @internal
 */
export function checkFilter(program: FilterProgram): void {
  if (!Array.isArray(program)) throw new TypeError('netlink: filter must be an array of instructions');
  if (program.length === 0 || program.length > LONGEST) {
    throw new RangeError(`netlink: filter: expected 1 to ${LONGEST} instructions, got ${program.length}`);
  }
  program.forEach((instruction: FilterInstruction, index) => checkInstruction(instruction, index, program.length));
  if ((program.at(-1) as FilterInstruction).code % 8 !== RETURN) throw new RangeError('netlink: filter: the last instruction must return');
}

/** Encodes a program as an array of `struct sock_filter`. @internal */
export function encodeFilter(program: FilterProgram): Uint8Array {
  checkFilter(program);
  const bytes = new Uint8Array(program.length * INSTRUCTION_SIZE);
  const view = new DataView(bytes.buffer);
  program.forEach(({ code, jumpTrue, jumpFalse, operand }, index) => {
    const offset = index * INSTRUCTION_SIZE;
    view.setUint16(offset, code, hostIsLittleEndian);
    view.setUint8(offset + 2, jumpTrue);
    view.setUint8(offset + 3, jumpFalse);
    view.setUint32(offset + 4, operand, hostIsLittleEndian);
  });
  return bytes;
}

function checkInstruction(instruction: FilterInstruction, index: number, length: number): void {
  if ((instruction as unknown) === null || typeof instruction !== 'object') {
    throw new TypeError(`netlink: filter instruction ${index} must be an object, not ${kindOf(instruction)}`);
  }
  const { code, jumpTrue, jumpFalse, operand } = instruction;
  const fail = (reason: string): never => {
    throw new RangeError(`netlink: filter instruction ${index} ${reason}`);
  };
  if (code !== (code & 0xffff)) fail(`has code ${code}; expected a 16-bit number`);
  if (jumpTrue !== (jumpTrue & 0xff) || jumpFalse !== (jumpFalse & 0xff)) fail('jumps over more than 255 instructions');
  if (operand !== operand >>> 0) fail(`has operand ${operand}; expected a 32-bit number`);
  const left = length - index - 1;
  switch (code & CLASS) {
    case JUMP:
      if (code === JUMP_ALWAYS ? operand >= left : jumpTrue >= left || jumpFalse >= left) fail('jumps past the end of the program');
      break;
    case ALU:
      // Division and modulo by a constant, shifts by a constant
      if ((code === 0x34 || code === 0x94) && operand === 0) fail('divides by 0');
      if ((code === 0x64 || code === 0x74) && operand > 31) fail('shifts by more than 31 bits');
      break;
    case LOAD:
    case LOAD_X:
      if ((code & MODE) === MEMORY && operand > 15) fail(`reads memory cell ${operand}; expected 0 to 15`);
      break;
    case STORE:
    case STORE_X:
      if (operand > 15) fail(`writes memory cell ${operand}; expected 0 to 15`);
      break;
    case RETURN:
      break;
    default:
      fail(`has unknown code ${code}`);
  }
}
