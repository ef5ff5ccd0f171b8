import { expect } from 'chai';
import { NetlinkError } from '../../lib/errors/index.js';
import type { NativeSocket, SocketConstants } from '../../lib/socket/native/load-addon.js';
import { NativeConnection } from '../../lib/socket/native/native-connection.js';

/** An addon's socket of which every option is refused. */
const refusing = (errno: number): NativeConnection =>
  new NativeConnection(
    { portId: 1, fd: 3, setOption: () => errno, getOption: () => errno } as unknown as NativeSocket,
    {} as SocketConstants,
  );

describe('What a system call refuses', () => {
  for (const [errno, code, words] of [
    [-92, 'ENOPROTOOPT', 'this kernel does not have this option'],
    [-9, 'EBADF', 'the socket is closed'],
    // Of these nothing better is known than what everybody says.
    [-22, 'EINVAL', 'invalid argument'],
    [-12, 'ENOMEM', 'not enough memory'],
  ] as const) {
    it(`is said in words: ${code}`, () => {
      const connection = refusing(errno);
      expect(() => {
        connection.setOption('strictCheck', true);
      }).to.throw(NetlinkError, `${code} setOption: option strictCheck: ${words}`);
      expect(() => connection.getOption('strictCheck')).to.throw(NetlinkError, `${code} getOption: option strictCheck: ${words}`);
    });
  }
});
