import { expect } from 'chai';
import { MessageFlags, Protocol } from '../../lib/wire/index.js';
import { needsLittleEndian } from '../support/host-order.js';
import { done, row, type OriginInit } from '../support/messages.js';
import { Diary, PORT } from './support.js';

describe('Exchange: replies without sequence number', () => {
  before(function () {
    // The number of a row of the specs is the first byte of a little-endian integer.
    needsLittleEndian(this);
  });

  it('takes an unnumbered message of the command of a running dump as its reply, in generic netlink', () => {
    // drivers/thermal/thermal_netlink.c sends lists with sequence number 0, port ID 0 and no NLM_F_MULTI.
    const init = { type: 16, flags: MessageFlags.Dump, payload: Uint8Array.of(1, 1, 0, 0) };
    const unnumbered = (command: number, portId = 0, origin: OriginInit = {}) => row({ sequence: 0, portId }, command, 0, origin);
    const diary = new Diary({ protocol: Protocol.Generic });
    diary.receive(unnumbered(1));
    const dump = diary.submit('dump', init);
    diary.send();
    diary.receive(unnumbered(2), unnumbered(1, PORT + 1), unnumbered(1, 0, { group: 1 }), unnumbered(1), done(dump), unnumbered(1));
    expect(diary.lines).to.deep.equal(['stray', 'stray', 'stray', 'stray', 'dump 1', 'dump complete', 'stray']);
    const route = new Diary();
    route.submit('dump', init);
    route.send();
    expect(route.receive(unnumbered(1)).lines).to.deep.equal(['stray']);
  });

  it('takes the counted rows of a running dump as its replies, and gives their numbers to no other request, in generic netlink', () => {
    // net/netlabel/netlabel_mgmt.c adds one to the sequence number for each row of a datagram.
    const init = { type: 16, flags: MessageFlags.Dump, payload: Uint8Array.of(3, 3, 0, 0) };
    const diary = new Diary({ protocol: Protocol.Generic });
    const dump = diary.submit('dump', init);
    diary.submit('do', { type: 16, payload: Uint8Array.of(3, 3, 0, 0) });
    diary.send();
    const counted = (by: number, command = 3, flags: number = MessageFlags.Multi, portId: number = PORT) =>
      row({ sequence: dump.sequence + by, portId }, command, flags);
    diary.receive(counted(0), counted(1), counted(1999), counted(1, 4), counted(1, 3, 0), counted(1, 3, MessageFlags.Multi, PORT + 1));
    diary.receive(done(dump), counted(1));
    expect(diary.lines).to.deep.equal(['dump 3', 'dump 3', 'dump 3', 'stray', 'stray', 'stray', 'dump complete', 'stray']);
  });
});
