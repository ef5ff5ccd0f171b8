import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { sockDiag } from '../../../../lib/families/sock_diag.js';
import { skipBecause, useNamespace } from '../../../support/namespace.js';

describe('sockDiag without a module of the kernel', () => {
  const namespace = useNamespace();

  for (const [op, request, module, option] of [
    ['inet', { protocol: 'raw' }, 'raw_diag', 'CONFIG_INET_RAW_DIAG'],
    ['vsock', {}, 'vsock_diag', 'CONFIG_VSOCKETS_DIAG'],
    ['xdp', {}, 'xsk_diag', 'CONFIG_XDP_SOCKETS_DIAG'],
  ] as const) {
    it(`names ${module} in the error of a dump`, async function () {
      using client = sockDiag({ netns: namespace().path });
      const message = await lastValueFrom(client.list(op, request as never)).then(
        () => 'accepted',
        (error: unknown) => (error as Error).message,
      );
      if (message === 'accepted') skipBecause(this, `this kernel has the module ${module}`);
      expect(message).to.equal(`ENOENT ${op} (this kernel may lack module ${module}: try \`modprobe ${module}\` (${option}))`);
    });
  }
});
