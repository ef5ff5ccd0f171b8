import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { OverrunError, Protocol, netlink } from '../../lib/index.js';
import { errorReply, fakeKernel } from '../../lib/testing/index.js';

// NFNL_MSG_BATCH_BEGIN, NFT_MSG_NEWTABLE of nftables, NFNL_MSG_BATCH_END (uapi/linux/netfilter/nfnetlink.h, nf_tables.h)
const [BEGIN, NEWTABLE, END] = [16, 0x0a00, 17];

describe('a transaction whose error message was lost', () => {
  it('fails with the overrun instead of completing', async () => {
    const kernel = fakeKernel(({ type }) => {
      if (type !== NEWTABLE) return [];
      // The queue overflows just before the kernel queues the error message.
      kernel.overrun({ dropped: 1 });
      return errorReply('EEXIST');
    });
    const socket = netlink({ protocol: Protocol.Netfilter, transport: kernel });
    const lease = socket.connect();
    const messages = [{ type: BEGIN }, { type: NEWTABLE }, { type: END }];
    const outcome = await lastValueFrom(socket.transact(messages).pipe(toArray())).catch((error: unknown) => error);
    lease.unsubscribe();
    expect(outcome).to.be.instanceOf(OverrunError);
  });
});
