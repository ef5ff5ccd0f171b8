import { hostIsLittleEndian, MessageType } from '../../wire/index.js';
import { checkInteger } from '../../check/index.js';
import type { FilterInstruction, FilterProgram } from './filter.js';

/** A field of a datagram's first message, and the values of it to let through. @public */
export interface FilterCondition {
  /** Bytes from the start of the message. */
  readonly offset: number;
  /** Width of the field in bytes. */
  readonly size: 1 | 2 | 4;
  /** Unsigned, in host order; one of them has to be there. */
  readonly values: readonly number[];
}

/** Conditions that all have to hold; {@link NetlinkSocket.setFilter} makes a program of them. @public */
export interface MessageFilter {
  /** All have to hold; of none, everything is let through. */
  readonly conditions: readonly FilterCondition[];
}

// Classic BPF, uapi/linux/bpf_common.h: BPF_LD|BPF_ABS with a width, BPF_JMP|BPF_JEQ|BPF_K, BPF_RET|BPF_K
const LOAD = { 1: 0x30, 2: 0x28, 4: 0x20 } as const;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;

const TYPE_OFFSET = 4;
const PORT_OFFSET = 12;
const HEADER_SIZE = 16;
const INDEX_OFFSET = HEADER_SIZE + 4;

/** Keeps a datagram whole: any less would cut it without a word (no MSG_TRUNC). */
const KEEP: FilterInstruction = { code: RETURN, jumpTrue: 0, jumpFalse: 0, operand: 0xffff_ffff };
const DROP: FilterInstruction = { code: RETURN, jumpTrue: 0, jumpFalse: 0, operand: 0 };

/** A jump reaches 255 instructions. */
const MOST_VALUES = 200;

/**
 * Builds filters that the kernel applies before it queues a datagram for this socket.
 *
 * The kernel judges a whole datagram by its first message, and replies, acks and dump parts like events. What is built here
 * lets acks, the end of dumps, and everything with the socket's own port ID through, and never cuts.
 *
 * @example Hear only of two interfaces
 * ```ts
 * socket.setFilter(bpf.interfaceIndexes(2, 7));
 * ```
 * @public
 */
export const bpf = {
  /** Lets through messages of these types (`nlmsg_type`). */
  messageTypes(...types: number[]): MessageFilter {
    return condition(TYPE_OFFSET, 2, types);
  },
  /**
   * Lets through messages about these interfaces: links, addresses, neighbours, traffic control, whose headers have the
   * interface's index in the same place. Routes and rules have something else there.
   */
  interfaceIndexes(...indexes: number[]): MessageFilter {
    return condition(INDEX_OFFSET, 4, indexes);
  },
  /** Lets through these commands of generic families (`genlmsghdr.cmd`). */
  genericCommands(...commands: number[]): MessageFilter {
    return condition(HEADER_SIZE, 1, commands);
  },
  /** Lets through what all of these let through. */
  every(...filters: MessageFilter[]): MessageFilter {
    return { conditions: filters.flatMap(({ conditions }) => conditions) };
  },
} as const;
Object.freeze(bpf);

/** Makes a program of conditions, for a socket with this port ID. @internal */
export function filterProgram({ conditions }: MessageFilter, portId: number): FilterProgram {
  return [
    load(2, TYPE_OFFSET),
    jump(asLoaded(MessageType.Error, 2), 3, 0),
    jump(asLoaded(MessageType.Done, 2), 2, 0),
    load(4, PORT_OFFSET),
    jump(asLoaded(portId, 4), 0, 1),
    KEEP,
    ...conditions.flatMap(({ offset, size, values }) => [
      load(size, offset),
      ...values.map((value, index) => jump(asLoaded(value, size), values.length - index, 0)),
      DROP,
    ]),
    KEEP,
  ];
}

function condition(offset: number, size: 1 | 2 | 4, values: readonly number[]): MessageFilter {
  checkValues('bpf', size, values);
  return { conditions: [{ offset, size, values }] };
}

/** @throws TypeError, RangeError if it is none that {@link bpf} could have made. @internal */
export function checkMessageFilter({ conditions }: MessageFilter): void {
  if (!Array.isArray(conditions)) throw new TypeError('netlink: filter: conditions must be an array');
  for (const { offset, size, values } of conditions as readonly FilterCondition[]) {
    if (!(size in LOAD)) throw new RangeError(`netlink: filter: size must be 1, 2 or 4, not ${String(size)}`);
    checkInteger('netlink: filter: offset', offset, 0, 0x7fff_ffff);
    checkValues('netlink: filter', size, values);
  }
}

function checkValues(what: string, size: 1 | 2 | 4, values: readonly number[]): void {
  if (values.length === 0 || values.length > MOST_VALUES) throw new RangeError(`${what}: 1 to ${MOST_VALUES} values, not ${values.length}`);
  for (const value of values) {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * size))
      throw new RangeError(`${what}: ${value} does not fit ${size} bytes`);
  }
}

function load(size: 1 | 2 | 4, offset: number): FilterInstruction {
  return { code: LOAD[size], jumpTrue: 0, jumpFalse: 0, operand: offset };
}

function jump(operand: number, jumpTrue: number, jumpFalse: number): FilterInstruction {
  return { code: JUMP_IF_EQUAL, jumpTrue, jumpFalse, operand };
}

/** BPF loads in network order, netlink's integers are in the host's. */
function asLoaded(value: number, size: 1 | 2 | 4): number {
  if (!hostIsLittleEndian || size === 1) return value;
  const view = new DataView(new ArrayBuffer(4));
  if (size === 2) {
    view.setUint16(0, value, true);
    return view.getUint16(0, false);
  }
  view.setUint32(0, value, true);
  return view.getUint32(0, false);
}
