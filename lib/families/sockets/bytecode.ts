import { hostIsLittleEndian } from '../../wire/index.js';

/** A place in a program that is not known yet. @internal */
export interface Label {
  /** Bytes from the start of the program. */
  offset?: number;
}

interface Instruction {
  readonly at: number;
  readonly code: number;
  readonly size: number;
  readonly otherwise: Label;
  readonly write: ((view: DataView, at: number) => void) | undefined;
}

/** Size of `struct inet_diag_bc_op`. */
const HEAD = 4;
/** The longest jump of a 16-bit distance. */
const LONGEST = 0xfffc;
const INET_DIAG_BC_NOP = 0;
const INET_DIAG_BC_JMP = 1;

/**
 * Assembles a program of `INET_DIAG_REQ_BYTECODE`.
 *
 * Every instruction is a condition: if it is true, the next one follows; else the program jumps forward. A program accepts a socket
 * if it arrives exactly at its end; {@link Program.reject} is 4 bytes behind the end.
 *
 * @internal
 */
export class Program {
  /** A jump to it rejects the socket. */
  readonly reject: Label = {};
  readonly #instructions: Instruction[] = [];
  #size = 0;

  /**
   * Appends a condition.
   *
   * @param size - Bytes of its arguments; a multiple of 4.
   * @param otherwise - The place to continue if it is false.
   */
  condition(code: number, size: number, otherwise: Label, write: (view: DataView, at: number) => void): void {
    this.#append({ at: this.#size, code, size: HEAD + size, otherwise, write });
  }

  /** Appends a jump. */
  jump(to: Label): void {
    this.#append({ at: this.#size, code: INET_DIAG_BC_JMP, size: HEAD, otherwise: to, write: undefined });
  }

  /** Puts a label behind the last instruction. */
  place(label: Label): void {
    label.offset = this.#size;
  }

  /** Returns the program. The kernel rejects an empty one, so that one is a single instruction without effect. */
  assemble(): Uint8Array {
    if (this.#size === 0) return Uint8Array.of(INET_DIAG_BC_NOP, HEAD, ...(hostIsLittleEndian ? [HEAD, 0] : [0, HEAD]));
    this.reject.offset = this.#size + HEAD;
    const bytes = new Uint8Array(this.#size);
    const view = new DataView(bytes.buffer);
    for (const { at, code, size, otherwise, write } of this.#instructions) {
      const distance = otherwise.offset! - at;
      if (distance > LONGEST)
        throw new RangeError(`socketFilter: the expression is too large: a jump has ${distance} bytes; expected at most ${LONGEST}`);
      view.setUint8(at, code);
      view.setUint8(at + 1, size);
      view.setUint16(at + 2, distance, hostIsLittleEndian);
      write?.(view, at + HEAD);
    }
    return bytes;
  }

  #append(instruction: Instruction): void {
    this.#instructions.push(instruction);
    this.#size += instruction.size;
  }
}
