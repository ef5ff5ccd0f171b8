import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { UnsupportedPlatformError } from '../../lib/errors/index.js';
import { loadAddon } from '../../lib/socket/native/load-addon.js';
import { createNativeTransport } from '../../lib/socket/native/native-transport.js';
import { runChild } from '../support/child.js';

const OPTIONS = { protocol: 0, portId: 0, datagramSize: 4096, ref: false, receive: () => undefined };

describe('loadAddon()', () => {
  it('throws UnsupportedPlatformError with the cause when the file is not an addon', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'rxnetlink-addon-')), 'rxnetlink.node');
    writeFileSync(file, 'text');
    try {
      const transport = createNativeTransport(() => loadAddon({ find: () => file }));
      expect(() => transport.open(OPTIONS))
        .to.throw(UnsupportedPlatformError, `ENOSYS open: the native addon cannot be loaded (${file}): `)
        .with.property('cause')
        .that.is.an.instanceOf(Error);
    } finally {
      rmSync(dirname(file), { recursive: true });
    }
  });

  it('throws UnsupportedPlatformError on another system than Linux without searching for an addon', () => {
    const find = () => expect.fail('it searched');
    expect(() => loadAddon({ find, platform: 'darwin' })).to.throw(
      UnsupportedPlatformError,
      'netlink sockets exist only on Linux (platform darwin)',
    );
  });

  it('throws UnsupportedPlatformError under Bun, which would end the process', () => {
    const find = () => expect.fail('it searched');
    expect(() => loadAddon({ find, bun: '1.4.5' })).to.throw(UnsupportedPlatformError, 'Bun 1.4.5 lacks uv_poll_init');
  });

  it('loads the addon once, when the first socket opens', () => {
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
