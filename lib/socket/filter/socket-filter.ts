import { checkMessageFilter, filterProgram, type MessageFilter } from './bpf.js';
import { checkFilter, encodeFilter, type FilterProgram } from './filter.js';

/** A BPF program, or conditions that {@link bpf} has built. @public */
export type SocketFilter = FilterProgram | MessageFilter;

/** @throws TypeError, RangeError if it is neither a program nor a filter of {@link bpf}. @internal */
export function checkSocketFilter(filter: SocketFilter): void {
  if (typeof filter === 'object' && (filter as unknown) !== null && 'conditions' in filter) checkMessageFilter(filter);
  else checkFilter(filter as FilterProgram);
}

/** Encodes a filter for a socket with this port ID. @internal */
export function encodeSocketFilter(filter: SocketFilter, portId: number): Uint8Array {
  return encodeFilter('conditions' in filter ? filterProgram(filter, portId) : filter);
}
