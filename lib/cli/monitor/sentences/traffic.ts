import type { GetqdiscReply, GettfilterReply } from '../../../families/tc.js';
import { verbOf, words, type Sentence } from './sentence.js';

/** TC_H_ROOT, TC_H_INGRESS (uapi/linux/pkt_sched.h), and TCM_IFINDEX_MAGIC_BLOCK, which takes the place of a link. */
const ROOT = 0xffff_ffff;
const INGRESS = 0xffff_fff1;
const BLOCK = 0xffff_ffff;

/** `qdisc htb 1: root on eth0 added`, and the same of classes. */
export const scheduler: Sentence<GetqdiscReply> = (value, event, { links }) => {
  const { kind, handle, parent, ifindex } = value;
  const isClass = event.operation.includes('class');
  return words(isClass ? 'class' : 'qdisc', kind, handleText(handle), parentText(parent), 'on', links.nameOf(ifindex), verbOf(event));
};

/** `filter flower priority 1 of 1: on eth0 added`, and the same of chains. */
export const trafficFilter: Sentence<GettfilterReply> = (value, event, { links }) => {
  const { kind, handle, parent, ifindex, info, chain } = value;
  const priority = info >>> 16;
  const isChain = event.operation.includes('chain');
  return words(
    isChain ? 'filter chain' : 'filter',
    isChain ? chain : kind,
    !isChain && priority !== 0 && `priority ${String(priority)}`,
    !isChain && handle !== 0 && `handle 0x${handle.toString(16)}`,
    !isChain && chain !== undefined && chain !== 0 && `chain ${String(chain)}`,
    ...(ifindex >>> 0 === BLOCK ? [`of block ${String(parent)}`] : [`of ${handleText(parent)}`, 'on', links.nameOf(ifindex)]),
    verbOf(event),
  );
};

/** Handles are written as `tc` does: `1:10` in hexadecimal digits. */
function handleText(handle: number): string {
  const minor = handle & 0xffff;
  return `${(handle >>> 16).toString(16)}:${minor === 0 ? '' : minor.toString(16)}`;
}

function parentText(parent: number): string {
  if (parent >>> 0 === ROOT) return 'root';
  if (parent >>> 0 === INGRESS) return 'ingress';
  return `of ${handleText(parent)}`;
}
