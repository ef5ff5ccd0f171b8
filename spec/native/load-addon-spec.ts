import { expect } from 'chai';
import { UnsupportedPlatformError } from '../../lib/errors/index.js';
import { loadAddon } from '../../lib/socket/load-addon.js';
import { createNativeTransport } from '../../lib/socket/native-transport.js';
import { runChild } from '../support/child.js';

const OPTIONS = { protocol: 0, portId: 0, datagramSize: 4096, ref: false, receive: () => undefined };

describe('loading the addon', () => {
  it('throws UnsupportedPlatformError, with the cause, where there is no addon for this machine', () => {
    const cause = new Error('No native build was found for platform=linux arch=vax\n    loaded from: here');
    const transport = createNativeTransport(() =>
      loadAddon(() => {
        throw cause;
      }),
    );
    expect(() => transport.open(OPTIONS))
      .to.throw(
        UnsupportedPlatformError,
        /^ENOSYS open: no native addon for this machine \(No native build was found .* arch=vax\); build it/,
      )
      .with.property('cause', cause);
  });

  it('throws UnsupportedPlatformError elsewhere than on Linux, without looking for an addon', () => {
    const find = () => expect.fail('it looked for one');
    expect(() => loadAddon(find, 'darwin')).to.throw(UnsupportedPlatformError, "netlink sockets are Linux's alone, and this is darwin");
  });

  it('loads it when the first socket opens, once', () => {
    let loads = 0;
    const transport = createNativeTransport(() => {
      loads++;
      return loadAddon();
    });
    expect(loads).to.equal(0);
    for (let count = 0; count < 3; count++) transport.open(OPTIONS).close();
    expect(loads).to.equal(1);
  });

  it('tries again after a failure', () => {
    let loads = 0;
    const transport = createNativeTransport(() => {
      if (++loads === 1) throw new UnsupportedPlatformError('not yet');
      return loadAddon();
    });
    expect(() => transport.open(OPTIONS)).to.throw('not yet');
    transport.open(OPTIONS).close();
  });

  it('is not loaded by an import', async () => {
    const { stdout } = await runChild(`
      const loaded = () => Object.keys(process.report.getReport().sharedObjects).length && process.report.getReport().sharedObjects.some((file) => file.endsWith('rxnetlink.node'));
      const before = loaded();
      open().close();
      console.log(before, loaded());
    `);
    expect(stdout).to.equal('false true\n');
  });
});
