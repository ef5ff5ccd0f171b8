import { expect } from 'chai';
import { MessageFlags, Protocol } from '../../lib/wire/index.js';
import { done, row, type OriginInit } from '../support/messages.js';
import { Diary, PORT } from './support.js';

describe('Exchange: replies without sequence number', () => {
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
});
