import { type Observable, ignoreElements, map } from 'rxjs';
import type { rtLink } from '../../families/rt-link.js';
import type { TunDevice } from '../../socket/internal.js';
import { systemError, type Meanings } from '../common/system-error.js';

const MEANINGS: Meanings = {
  'transport EOPNOTSUPP': ['unsupported', 'the transport of the socket cannot create tun and tap devices'],
  'open ENOENT': ['unsupported', '/dev/net/tun does not exist; try `modprobe tun`, or give the container this device'],
  'open ENODEV': ['unsupported', 'the kernel has no tun and tap devices; try `modprobe tun` (CONFIG_TUN)'],
  'open ENXIO': ['unsupported', 'the kernel has no tun and tap devices; try `modprobe tun` (CONFIG_TUN)'],
  'open EACCES': ['denied', '/dev/net/tun may not be opened; check its permissions, and the devices that the container may use'],
  'open EPERM': ['denied', '/dev/net/tun may not be opened; check the devices that the container may use'],
  'setns EPERM': ['denied', 'entering another network namespace needs CAP_SYS_ADMIN'],
  'create EPERM': ['denied', 'it needs CAP_NET_ADMIN in the user namespace of the network namespace'],
  // TUN_EXCL: another link has the name, or has it as an alternative name.
  'create EBUSY': ['exists', 'a link has the name'],
  'create EINVAL': ['invalid', 'the kernel rejects the name or the mode'],
  'owner EINVAL': ['invalid', 'tun.owner: the user does not exist in this user namespace'],
  'group EINVAL': ['invalid', 'tun.group: the group does not exist in this user namespace'],
};

/** Creates a tun or tap device in the namespace of a client. @internal */
export function createDevice({ socket }: ReturnType<typeof rtLink>, device: TunDevice): Observable<never> {
  return socket.createTun(device).pipe(
    map((failure) => {
      if (failure !== undefined) throw systemError(failure, MEANINGS);
    }),
    ignoreElements(),
  );
}
