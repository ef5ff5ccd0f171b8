import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';
import { UnsupportedPlatformError } from '../../lib/errors/index.js';
import { findAddon, type AddonPlaces } from '../../lib/socket/native/find-addon.js';

const nodeGypBuild = resolve(import.meta.dirname, '../../node_modules/node-gyp-build');

describe('findAddon()', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rxnetlink-find-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Creates an empty file; returns its path. */
  const touch = (...path: readonly string[]): string => {
    const file = join(folder, ...path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
    return file;
  };
  const find = (places: Partial<AddonPlaces> = {}): string =>
    findAddon({ given: undefined, folders: [folder], arch: process.arch, ...places });
  /** Installs the package without an addon below a folder; returns the package's folder. */
  const install = (): string => {
    const manifest = touch('node_modules/rxnetlink/package.json');
    writeFileSync(manifest, '{ "name": "rxnetlink" }');
    const loader = touch('node_modules/node-gyp-build/index.js');
    writeFileSync(loader, `module.exports = require(${JSON.stringify(nodeGypBuild)});`);
    return dirname(manifest);
  };

  it('prefers the file in RXNETLINK_ADDON', () => {
    touch('rxnetlink.node');
    const given = touch('elsewhere/addon.node');
    expect(find({ given })).to.equal(given);
  });

  it('fails when the file in RXNETLINK_ADDON does not exist', () => {
    touch('rxnetlink.node');
    const given = join(folder, 'missing.node');
    expect(() => find({ given })).to.throw(UnsupportedPlatformError, `ENOSYS open: the file in RXNETLINK_ADDON does not exist (${given})`);
  });

  it('ignores an empty RXNETLINK_ADDON', () => {
    const copy = touch('rxnetlink.node');
    expect(find({ given: '' })).to.equal(copy);
  });

  it('finds a copy beside the running code, or in the folder prebuilds beside it', () => {
    const prebuild = touch('prebuilds/linux-s390x/rxnetlink.node');
    expect(find({ arch: 's390x' })).to.equal(prebuild);
    const arm = touch('prebuilds/linux-arm/rxnetlink.armv7.node');
    expect(find({ arch: 'arm' })).to.equal(arm);
    const copy = touch('rxnetlink.node');
    expect(find({ arch: 's390x' })).to.equal(copy);
  });

  it('finds the prebuild of the installed package, and prefers the addon that was built there', () => {
    install();
    const name = process.arch === 'arm' ? 'rxnetlink.armv7.node' : 'rxnetlink.node';
    const prebuild = touch('node_modules/rxnetlink/prebuilds', `linux-${process.arch}`, name);
    expect(find()).to.equal(prebuild);
    const built = touch('node_modules/rxnetlink/build/Release/rxnetlink.node');
    expect(find()).to.equal(built);
  });

  it('searches the folder of the program when the code names a folder of another machine', () => {
    const copy = touch('rxnetlink.node');
    expect(find({ folders: ['/nowhere/node_modules/rxnetlink/dist', folder] })).to.equal(copy);
  });

  it('names the files and the remedy when the installed package has no addon for the machine', () => {
    const installed = install();
    expect(() => find({ arch: 'vax' }))
      .to.throw(
        UnsupportedPlatformError,
        `ENOSYS open: no native addon for this machine: no build/Release/rxnetlink.node or prebuilds/linux-vax/rxnetlink.node in ${installed} (No native build was found for platform=linux`,
      )
      .with.property('message')
      .that.matches(/; build it with 'npm explore rxnetlink -- npm run build:native'/);
  });

  it('names the folders and three remedies when a bundle has no addon', () => {
    expect(() => find({ arch: 'x64', folders: [folder, '/elsewhere'] })).to.throw(
      UnsupportedPlatformError,
      `ENOSYS open: the native addon was not found: no rxnetlink.node or prebuilds/linux-x64/rxnetlink.node in ${folder} or /elsewhere, and the package rxnetlink is not installed there; ` +
        'in a bundle, mark rxnetlink as external, or copy node_modules/rxnetlink/prebuilds/linux-x64/rxnetlink.node beside the bundle, or set RXNETLINK_ADDON to its path',
    );
  });
});
