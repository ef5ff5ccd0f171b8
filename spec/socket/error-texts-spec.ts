import { expect } from 'chai';
import { NetlinkError } from '../../lib/errors/index.js';
import type { NativeAddon, NativeSocket } from '../../lib/socket/native/load-addon.js';
import { NativeConnection } from '../../lib/socket/native/native-connection.js';

/** A connection over an addon socket that rejects every option. */
const rejecting = (errno: number): NativeConnection =>
  new NativeConnection({ portId: 1, fd: 3, setOption: () => errno, getOption: () => errno } as unknown as NativeSocket, {} as NativeAddon);

describe('NativeConnection', () => {
  for (const [errno, code, words] of [
    [-92, 'ENOPROTOOPT', 'this kernel does not have this option'],
    [-9, 'EBADF', 'the socket is closed'],
    // These errors have no specific reason, so the text is that of Node.js.
    [-22, 'EINVAL', 'invalid argument'],
    [-12, 'ENOMEM', 'not enough memory'],
  ] as const) {
    it(`names the reason when a system call fails with ${code}`, () => {
      const connection = rejecting(errno);
      expect(() => {
        connection.setOption('strictCheck', true);
      }).to.throw(NetlinkError, `${code} setOption: option strictCheck: ${words}`);
      expect(() => connection.getOption('strictCheck')).to.throw(NetlinkError, `${code} getOption: option strictCheck: ${words}`);
    });
  }
});
