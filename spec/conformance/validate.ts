import { expect } from 'chai';
import { MessageFlags, Protocol, encodeMessage, netlink, type Message } from '../../lib/index.js';
import { ScriptedTransport, turns } from './scripted-transport.js';
import { type Vector, type VectorHeader } from './vector.js';

interface ValidateVector extends Vector {
  readonly request: VectorHeader;
  readonly replies: readonly VectorHeader[];
  readonly expected: 'ok' | 'mismatched-sequence' | 'mismatched-pid';
}

/** A type of some family's. */
const TYPE = 16;

/**
 * Checks a case of validate.json: what does not belong to a request never reaches it.
 *
 * A socket does not fail at such a message, it goes on waiting: a refusal means that the request has not seen it. Where the
 * case leaves the sequence number open the socket chooses one, and the replies carry it; where it leaves the port open, the
 * socket has the one that the replies name. Where it leaves both open nothing was asked: the messages are notifications.
 */
export async function checkValidate(vector: Vector): Promise<void> {
  const { op, request, replies, expected } = vector as ValidateVector;
  expect(op).to.equal('validate');
  const asked = request.sequence !== 0 || request.pid !== 0;
  const portId = request.pid === 0 ? replies[0]!.pid || 1 : request.pid;
  const transport = new ScriptedTransport(portId);
  const socket = netlink({ protocol: Protocol.Generic, transport });
  const met: Message[] = [];
  const note = (message: Message): void => void met.push(message);
  if (asked) {
    const init = { type: TYPE, ...(request.sequence === 0 ? {} : { sequence: request.sequence }) };
    socket.request(init, { dump: true }).subscribe({ next: note, error: () => undefined });
  } else socket.subscribe({ next: note, error: () => undefined });
  await turns();
  const sequence = request.sequence === 0 && asked ? transport.sent[0]!.header.sequence : undefined;
  const datagrams = replies.map((reply) =>
    encodeMessage({ type: TYPE, flags: MessageFlags.Multi, sequence: sequence ?? reply.sequence, portId: reply.pid }),
  );
  transport.deliver(datagrams);
  await turns();
  const matching = replies.filter(
    (reply) =>
      (request.sequence === 0 || reply.sequence === request.sequence) &&
      (request.pid === 0 || reply.pid === 0 || reply.pid === request.pid),
  );
  expect(matching.length === replies.length).to.equal(expected === 'ok');
  expect(met).to.have.length(matching.length);
  socket.close();
}
