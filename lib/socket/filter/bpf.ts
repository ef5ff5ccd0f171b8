import { hostIsLittleEndian, MessageType } from '../../wire/index.js';
import { checkInteger } from '../../check/index.js';
import type { FilterInstruction, FilterProgram } from './filter.js';

/** A condition on a field of a datagram's first message. @public */
export interface FilterCondition {
  /** The offset of the field from the start of the message, in bytes. */
  readonly offset: number;
  /** The width of the field in bytes. */
  readonly size: 1 | 2 | 4;
  /** The unsigned values, in host byte order; the field must have one of them. */
  readonly values: readonly number[];
}

/** Conditions on a message; {@link NetlinkSocket.setFilter} compiles them into a program. @public */
export interface MessageFilter {
  /** A message passes if all conditions hold; without conditions every message passes. */
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

/** Keeps the whole datagram: a smaller number would truncate it silently (no MSG_TRUNC). */
const KEEP: FilterInstruction = { code: RETURN, jumpTrue: 0, jumpFalse: 0, operand: 0xffff_ffff };
const DROP: FilterInstruction = { code: RETURN, jumpTrue: 0, jumpFalse: 0, operand: 0 };

/** The largest number of values: a jump reaches 255 instructions. */
const MOST_VALUES = 200;

/**
 * Builds filters that the kernel applies before it queues a datagram for this socket.
 *
 * The kernel filters each datagram by its first message: replies, acks and parts of dumps like events. These filters always
 * pass acks, the end of dumps, and every message with the port ID of the socket. They never truncate a datagram.
 *
 * @example Receive only the events of two interfaces
 * ```ts
 * socket.setFilter(bpf.interfaceIndexes(2, 7));
 * ```
 * @public
 */
export const bpf = {
  /** Passes messages of these types (`nlmsg_type`). */
  messageTypes(...types: number[]): MessageFilter {
    return condition(TYPE_OFFSET, 2, types);
  },
  /**
   * Passes messages about these interfaces: links, addresses, neighbours, traffic control. Their headers have the interface
   * index at the same offset. The headers of routes and rules have other fields there.
   */
  interfaceIndexes(...indexes: number[]): MessageFilter {
    return condition(INDEX_OFFSET, 4, indexes);
  },
  /** Passes these commands of generic families (`genlmsghdr.cmd`). */
  genericCommands(...commands: number[]): MessageFilter {
    return condition(HEADER_SIZE, 1, commands);
  },
  /** Passes messages that all of these filters pass. */
  every(...filters: MessageFilter[]): MessageFilter {
    return { conditions: filters.flatMap(({ conditions }) => conditions) };
  },
} as const;
Object.freeze(bpf);

/** Compiles conditions into a program for a socket with this port ID. @internal */
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

/** @throws TypeError, RangeError if {@link bpf} could not have built the filter. @internal */
export function checkMessageFilter({ conditions }: MessageFilter): void {
  if (!Array.isArray(conditions)) throw new TypeError('netlink: filter: conditions must be an array');
  for (const { offset, size, values } of conditions as readonly FilterCondition[]) {
    if (!(size in LOAD)) throw new RangeError(`netlink: filter: size must be 1, 2 or 4, not ${String(size)}`);
    checkInteger('netlink: filter: offset', offset, 0, 0x7fff_ffff);
    checkValues('netlink: filter', size, values);
  }
}

function checkValues(what: string, size: 1 | 2 | 4, values: readonly number[]): void {
  if (values.length === 0 || values.length > MOST_VALUES)
    throw new RangeError(`${what}: expected 1 to ${MOST_VALUES} values, got ${values.length}`);
  for (const value of values) {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * size))
      throw new RangeError(`${what}: ${value} does not fit into ${size} bytes`);
  }
}

function load(size: 1 | 2 | 4, offset: number): FilterInstruction {
  return { code: LOAD[size], jumpTrue: 0, jumpFalse: 0, operand: offset };
}

function jump(operand: number, jumpTrue: number, jumpFalse: number): FilterInstruction {
  return { code: JUMP_IF_EQUAL, jumpTrue, jumpFalse, operand };
}

/** Returns a value as BPF loads it: BPF loads in network byte order, netlink's integers are in host byte order. */
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
