import { expect } from 'chai';
import { NetlinkError, SocketClosedError } from '../../lib/errors/index.js';
import { netlink } from '../../lib/socket/index.js';
import { fakeKernel } from '../../lib/testing/index.js';
import { MessageFlags, encodeMessage } from '../../lib/wire/index.js';
import { drive, runVirtually } from './support.js';

const REQUEST = MessageFlags.Request | MessageFlags.Ack;
const ROW = 16;

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const codeOf = (action: () => void): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof NetlinkError) return `${error.code} ${error.operation ?? ''}`;
    throw error;
  }
  return 'nothing was thrown';
};

describe('fakeKernel() sockets and namespaces', () => {
  describe('sockets', () => {
    it('get port IDs from 1, or the requested one, separately for each protocol', () => {
      const kernel = fakeKernel();
      expect([drive(kernel), drive(kernel), drive(kernel, { portId: 9 })].map(({ connection }) => connection.portId)).to.deep.equal([
        1, 2, 9,
      ]);
      expect(codeOf(() => drive(kernel, { portId: 9 }))).to.equal('EADDRINUSE open');
      expect(drive(kernel, { portId: 9, protocol: 16 }).connection.portId).to.equal(9);
      expect(kernel.opened).to.equal(4);
    });

    it('disappear from the list when they close, and their methods throw', () => {
      const kernel = fakeKernel();
      const { connection } = drive(kernel);
      connection.close();
      connection.close();
      expect(kernel.sockets).to.have.length(0);
      expect(codeOf(() => connection.send(bytes(), 0))).to.equal('EBADF send');
    });

    it('reject datagrams that do not fit into the send buffer', () => {
      const { connection } = drive(fakeKernel());
      connection.setBufferSize('send', 4096);
      expect(connection.getBufferSize('send')).to.equal(8192);
      expect(codeOf(() => connection.send(new Uint8Array(8192 - 31), 8192 - 31))).to.equal('EMSGSIZE send');
      expect(connection.send(new Uint8Array(8192 - 32), 8192 - 32)).to.equal(true);
    });

    it('store options, and reject unsupported ones', () => {
      const { connection } = drive(fakeKernel(undefined, { unsupportedOptions: ['strictCheck'] }));
      connection.setOption('cappedAck', true);
      expect([connection.getOption('cappedAck'), connection.getOption('extendedAck')]).to.deep.equal([true, false]);
      expect(codeOf(() => connection.setOption('strictCheck', true))).to.equal('ENOPROTOOPT setOption');
    });

    it('fail to open as often as failOpen() requests', () => {
      const kernel = fakeKernel();
      kernel.failOpen('EPROTONOSUPPORT', 2);
      expect([1, 2, 3].map(() => codeOf(() => drive(kernel)))).to.deep.equal([
        'EPROTONOSUPPORT open',
        'EPROTONOSUPPORT open',
        'nothing was thrown',
      ]);
    });

    it('send to each other', () => {
      runVirtually((flush) => {
        const kernel = fakeKernel();
        const [one, two] = [drive(kernel, { protocol: 2 }), drive(kernel, { protocol: 2 })];
        two.connection.join(3);
        const message = encodeMessage({ type: 99, sequence: 1, portId: 2 });
        expect(one.connection.send(message, 16, { portId: 2 })).to.equal(true);
        const third = drive(kernel, { protocol: 2 });
        expect(one.connection.send(message, 16, { portId: third.connection.portId, groups: 0b100 })).to.equal(true);
        expect(codeOf(() => one.connection.send(message, 16, { portId: 44 }))).to.equal('ECONNREFUSED send');
        flush();
        expect(two.messages().map(({ origin }) => [origin.sender.portId, origin.group])).to.deep.equal([
          [1, 0],
          [1, 3],
        ]);
        expect(one.messages()).to.have.length(0);
      });
    });
  });

  describe('namespaces', () => {
    it('are distinguished by notify()', () => {
      runVirtually((flush) => {
        const kernel = fakeKernel();
        const seen: string[] = [];
        const listen = (name: string, options: { netns?: string }): void => {
          netlink({ protocol: 0, transport: kernel, ...options })
            .multicast(1)
            .subscribe(() => seen.push(name));
        };
        listen('blue', { netns: 'blue' });
        listen('own', {});
        expect(kernel.sockets.map(({ netns }) => netns)).to.deep.equal(['blue', undefined]);
        expect(kernel.notify(1, { type: ROW }, { netns: 'blue' })).to.equal(1);
        expect(kernel.notify(1, { type: ROW }, { netns: undefined })).to.equal(1);
        expect(kernel.notify(1, { type: ROW })).to.equal(2);
        flush();
        expect(seen.sort()).to.deep.equal(['blue', 'blue', 'own', 'own']);
      });
    });

    it('end their sockets when they are deleted, and do not open again', () => {
      runVirtually((flush) => {
        const kernel = fakeKernel();
        const ends: string[] = [];
        const listen = (netns: string): void => {
          netlink({ protocol: 0, transport: kernel, netns }).subscribe({
            error: (error: unknown) => ends.push(error instanceof SocketClosedError ? `${netns} ${error.reason}` : String(error)),
          });
        };
        listen('blue');
        listen('red');
        kernel.deleteNamespace('blue');
        flush();
        listen('blue');
        expect(ends).to.deep.equal(['blue netns', "NetlinkError: ENOENT open: network namespace 'blue' does not exist"]);
        expect(kernel.sockets.map(({ netns }) => netns)).to.deep.equal(['red']);
      });
    });
  });

  describe('verify()', () => {
    it('throws the error of a handler, also if the pipeline caught it', () => {
      const kernel = fakeKernel(() => {
        throw new Error('what is this?');
      });
      const socket = drive(kernel);
      kernel.verify();
      expect(() => {
        socket.send({ type: 18, flags: REQUEST });
      }).to.throw('what is this?');
      expect(() => {
        kernel.verify();
      }).to.throw('what is this?');
    });
  });
});
