import { expect } from 'chai';
import { lastValueFrom, type Observable } from 'rxjs';
import { sockDiag } from '../../../lib/families/sock_diag.js';
import { errorReply, fakeKernel } from '../../../lib/testing/index.js';

const messageOf = (source: Observable<unknown>): Promise<string> =>
  lastValueFrom(source).then(
    () => 'accepted',
    (error: unknown) => (error as Error).message,
  );

describe('errors of sock_diag', () => {
  for (const [op, request, module, option] of [
    ['inet', {}, 'tcp_diag', 'INET_TCP_DIAG'],
    ['inet', { protocol: 'udp' }, 'udp_diag', 'INET_UDP_DIAG'],
    ['inet', { protocol: 'udplite' }, 'udp_diag', 'INET_UDP_DIAG'],
    ['inet', { protocol: 'raw', family: 10 }, 'raw_diag', 'INET_RAW_DIAG'],
    ['mptcp', {}, 'mptcp_diag', 'INET_MPTCP_DIAG'],
    ['unix', {}, 'unix_diag', 'UNIX_DIAG'],
    ['netlink', {}, 'netlink_diag', 'NETLINK_DIAG'],
    ['packet', {}, 'af_packet_diag', 'PACKET_DIAG'],
    ['vsock', {}, 'vsock_diag', 'VSOCKETS_DIAG'],
    ['xdp', {}, 'xsk_diag', 'XDP_SOCKETS_DIAG'],
  ] as const) {
    it(`name the module ${module} when a dump of ${op} ${JSON.stringify(request)} fails with ENOENT`, async () => {
      using client = sockDiag({ transport: fakeKernel(() => errorReply('ENOENT')) });
      expect(await messageOf(client.list(op, request as never))).to.equal(
        `ENOENT ${op} (this kernel may lack module ${module}: try \`modprobe ${module}\` (CONFIG_${option}))`,
      );
    });
  }

  it('name no module when a request for one socket fails with ENOENT', async () => {
    using client = sockDiag({ transport: fakeKernel(() => errorReply('ENOENT')) });
    expect(await messageOf(client.do('unix', { ino: 7 }))).to.equal('ENOENT unix');
  });

  it('name no module when a dump fails with another error', async () => {
    using client = sockDiag({ transport: fakeKernel(() => errorReply('EINVAL')) });
    expect(await messageOf(client.list('vsock'))).to.equal('EINVAL vsock');
  });
});
