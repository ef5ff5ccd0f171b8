import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import sinon from 'sinon';
import { MessageFlags, netlink, type TraceEvent } from '../../lib/index.js';
import { fakeKernel, multipart } from '../../lib/testing/index.js';

describe('diagnostics_channel', () => {
  const onSend = sinon.fake();
  const onReceive = sinon.fake();

  beforeEach(() => {
    subscribe('rxnetlink:send', onSend);
    subscribe('rxnetlink:receive', onReceive);
  });
  afterEach(() => {
    unsubscribe('rxnetlink:send', onSend);
    unsubscribe('rxnetlink:receive', onReceive);
    onSend.resetHistory();
    onReceive.resetHistory();
  });

  const dump = async (): Promise<void> => {
    const socket = netlink({ protocol: 0, transport: fakeKernel(() => multipart([{ type: 16 }, { type: 16 }]), { firstPortId: 500 }) });
    await lastValueFrom(socket.request({ type: 18, flags: MessageFlags.Dump }));
  };
  const typesIn = (subscriber: sinon.SinonSpy): unknown[] => subscriber.args.map(([event]) => (event as TraceEvent).message?.type);

  it('publishes the messages that a socket sends and receives, in their order', async () => {
    await dump();
    expect(typesIn(onSend)).to.deep.equal([18]);
    expect(typesIn(onReceive)).to.deep.equal([16, 16, 3]);
    sinon.assert.calledWithMatch(onSend, { portId: 500, protocol: 0 }, 'rxnetlink:send');
    expect(onSend.calledBefore(onReceive)).to.equal(true);
  });

  it('publishes nothing to a subscriber that has unsubscribed', async () => {
    unsubscribe('rxnetlink:receive', onReceive);
    await dump();
    sinon.assert.calledOnce(onSend);
    sinon.assert.notCalled(onReceive);
  });
});
