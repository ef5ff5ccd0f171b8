import { expect } from 'chai';
import { Protocol, netlink } from '../../lib/index.js';
import { ScriptedTransport } from './scripted-transport.js';
import { fromHex, type VectorHeader, type VectorMessage } from './vector.js';

/** Checks that a socket fills in omitted header fields. */
export function checkSendFill(
  { header, dataHex, socketPid }: VectorMessage & { readonly socketPid: number },
  expected: { readonly header: Omit<VectorHeader, 'sequence'> & { readonly sequence: unknown }; readonly dataHex: string },
): void {
  const transport = new ScriptedTransport(socketPid);
  const socket = netlink({ protocol: Protocol.Generic, transport });
  socket.connect();
  const { type, flags, sequence, pid } = header;
  const returned = socket.send({
    type,
    flags,
    payload: fromHex(dataHex),
    ...(sequence === 0 ? {} : { sequence }),
    ...(pid === 0 ? {} : { portId: pid }),
  });
  socket.close();
  const [sent] = transport.sent;
  const auto = expected.header.sequence === 'auto';
  if (auto) expect(sent!.header.sequence).to.be.greaterThan(0);
  expect(sent).to.deep.equal({
    header: { ...expected.header, sequence: auto ? sent!.header.sequence : expected.header.sequence },
    dataHex: expected.dataHex,
  });
  expect(returned).to.include({ sequence: sent!.header.sequence, portId: expected.header.pid });
}

/** Checks that consecutive messages have consecutive sequence numbers, without 0. */
export function checkSendFillSequence(sends: number): void {
  const transport = new ScriptedTransport(1);
  const socket = netlink({ protocol: Protocol.Generic, transport });
  socket.connect();
  for (let index = 0; index < sends; index++) socket.send({ type: 16 });
  socket.close();
  const sequences = transport.sent.map(({ header }) => header.sequence);
  expect(sequences).to.have.length(sends);
  for (const [index, sequence] of sequences.entries()) {
    if (index > 0) expect(sequence).to.equal((sequences[index - 1]! + 1) >>> 0 || 1);
  }
}
