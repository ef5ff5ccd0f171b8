import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import sinon from 'sinon';
import { MessageFlags, netlink } from '../../lib/index.js';
import { fakeKernel, multipart, record } from '../../lib/testing/index.js';

describe('record, outside of virtual time', () => {
  const NOW = 1_700_000_000_000;
  let clock: sinon.SinonFakeTimers;

  beforeEach(() => {
    clock = sinon.useFakeTimers({ now: NOW, toFake: ['Date'] });
  });
  afterEach(() => {
    clock.restore();
  });

  const timesOf = async (options: Parameters<typeof record>[1]): Promise<number[]> => {
    const times: number[] = [];
    const socket = netlink({ protocol: 0, transport: fakeKernel(() => multipart([{ type: 16 }])) });
    const recording = record(socket, options).subscribe(({ time }) => times.push(time));
    await lastValueFrom(socket.request({ type: 18, flags: MessageFlags.Dump }));
    clock.tick(250);
    await lastValueFrom(socket.request({ type: 18, flags: MessageFlags.Dump }));
    recording.unsubscribe();
    return times;
  };

  it('takes the times from Date.now()', async () => {
    const times = await timesOf({});
    expect(times[0]).to.equal(NOW);
    expect(times.at(-1)).to.equal(NOW + 250);
  });

  it('takes the times from the option clock', async () => {
    const now = sinon.stub<[], number>().returns(7).onFirstCall().returns(3);
    expect(await timesOf({ clock: { now } })).to.deep.equal([3, ...Array.from({ length: now.callCount - 1 }, () => 7)]);
    expect(now.callCount).to.be.at.least(4);
  });
});
