import { readFileSync } from 'node:fs';
import { release } from 'node:os';

import { expect } from 'chai';

import { Slab } from '../../lib/socket/transport/slab.js';
import { nativeTransport } from '../../lib/socket/native/native-transport.js';
import { MessageFlags, Protocol, encodeMessage, iterateMessages, type Message } from '../../lib/wire/index.js';

const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;

describe('the wide kernel', () => {
  it('is the kernel of the package, not that of the machine', () => {
    expect(release()).to.match(/-amd64$/);
    expect(release()).not.to.equal(process.env['VM_HOST_RELEASE']);
    expect(readFileSync('/proc/modules', 'utf8')).to.match(/^9p /m);
  });

  it('answers the addon on a route socket', async () => {
    const messages = await firstLink();
    expect(messages.map(({ type }) => type)).to.deep.equal([RTM_NEWLINK]);
    expect(messages[0]!.sequence).to.equal(7);
    // struct ifinfomsg: the index is the third word; the loopback has index 1 on every kernel.
    expect(new DataView(messages[0]!.payload.slice().buffer).getInt32(4, true)).to.equal(1);
  });
});

/** Requests interface 1 and resolves with the first reply. */
function firstLink(): Promise<Message[]> {
  return new Promise((resolve) => {
    const connection = nativeTransport.open({
      protocol: Protocol.Route,
      portId: 0,
      datagramSize: 1 << 16,
      ref: true,
      receive: (buffer) => {
        const slab = Slab.of(buffer);
        if (slab.count === 0) return;
        const { start, end } = slab.entry(0);
        resolve([...iterateMessages(new Uint8Array(buffer, start, end - start))]);
        connection.close();
      },
    });
    const payload = new Uint8Array(16);
    payload[4] = 1;
    const request = encodeMessage({ type: RTM_GETLINK, flags: MessageFlags.Request, sequence: 7, payload });
    connection.send(request, request.byteLength);
  });
}
