import type { SpecNode } from './spec-node.js';

/** An entry of the list of operations with the numbers that follow from its place. @internal */
export interface NumberedOperation {
  readonly node: SpecNode;
  /** The number of requests; undefined for entries without a request. */
  readonly request: number | undefined;
  /** The number of replies, notifications and events. */
  readonly reply: number | undefined;
}

const MAX_NUMBER = 0xffff;

/**
 * Assigns the numbers of all operations.
 *
 * In the unified model an operation has one number for both directions, one more than the entry before. In the directional
 * model requests and replies are numbered separately, and an entry has a number only in the directions of its messages.
 *
 * @internal
 */
export function numberOperations(operations: SpecNode): NumberedOperation[] {
  const model = operations.has('enum-model') ? operations.choice('enum-model', ['unified', 'directional']) : 'unified';
  return model === 'unified' ? numberUnified(operations.list('list')) : numberDirectional(operations.list('list'));
}

function numberUnified(nodes: readonly SpecNode[]): NumberedOperation[] {
  let next = 1;
  return nodes.map((node) => {
    const number = node.find('value')?.integer(0, MAX_NUMBER) ?? next;
    next = number + 1;
    return { node, request: number, reply: number };
  });
}

function numberDirectional(nodes: readonly SpecNode[]): NumberedOperation[] {
  let [nextRequest, nextReply] = [1, 1];
  return nodes.map((node) => {
    const own = node.find('value')?.integer(0, MAX_NUMBER);
    if (node.has('notify') || node.has('event')) {
      const reply = own ?? nextReply;
      nextReply = reply + 1;
      return { node, request: undefined, reply };
    }
    const mode = node.find('do') ?? node.find('dump');
    if (mode === undefined) return { node, request: undefined, reply: undefined };
    const request = messageNumber(mode, 'request') ?? own ?? nextRequest;
    nextRequest = request + 1;
    if (!mode.has('reply')) return { node, request, reply: undefined };
    const reply = messageNumber(mode, 'reply') ?? own ?? nextReply;
    nextReply = reply + 1;
    return { node, request, reply };
  });
}

/** Returns the explicit number of a request or reply. @internal */
export function messageNumber(mode: SpecNode, direction: 'request' | 'reply'): number | undefined {
  return mode.find(direction)?.find('value')?.integer(0, MAX_NUMBER);
}
