import { expect } from 'chai';
import { MessageFlags, Protocol, encodeMessage, netlink, type Message } from '../../lib/index.js';
import { ScriptedTransport, turns } from './scripted-transport.js';
import { type Vector, type VectorHeader } from './vector.js';

interface ValidateVector extends Vector {
  readonly request: VectorHeader;
  readonly replies: readonly VectorHeader[];
  readonly expected: 'ok' | 'mismatched-sequence' | 'mismatched-pid';
}

/** A message type of a family. */
const TYPE = 16;

/**
 * Checks a case of validate.json: messages of another request do not reach it.
 *
 * A socket ignores such a message and continues: the case passes if the request does not receive it. If the case has no
 * sequence number, the socket chooses one, and the replies carry it. If it has no port ID, the socket has that of the
 * replies. If it has neither, there is no request: the messages are notifications.
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
