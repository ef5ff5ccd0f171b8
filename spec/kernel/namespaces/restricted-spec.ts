import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { skipBecause } from '../../support/namespace.js';
import { spawnSync } from '../../support/programs.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** `--permission` since Node.js 23.5 and 22.13; `--experimental-permission` before. */
const PERMISSION = ['--permission', '--experimental-permission'].find((flag) => process.allowedNodeEnvironmentFlags.has(flag));

/** Opens a socket, in a network namespace if one is given, and prints the error. */
const open = (netns?: unknown): string => `
  const { netlink } = require(${JSON.stringify(`${root}dist/index.js`)});
  try {
    netlink({ protocol: 0, netns: ${JSON.stringify(netns) ?? 'undefined'} }).connect().unsubscribe();
    console.log('open');
  } catch (error) {
    console.log(error.name, error.message);
  }`;

describe('a process with the permission model of Node.js', function () {
  this.timeout(20_000);
  before(function () {
    if (PERMISSION === undefined) skipBecause(this, 'this Node.js has no permission model');
  });

  const run = (flags: readonly string[], script: string, env: NodeJS.ProcessEnv = {}): string => {
    const { stdout, stderr } = spawnSync(process.execPath, [PERMISSION!, ...flags, '--input-type=commonjs', '--eval', script], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    return stdout === '' ? stderr : stdout.trim();
  };

  it('opens sockets when it may load addons and read the package', () => {
    expect(run(['--allow-fs-read=*', '--allow-addons'], open())).to.equal('open');
  });

  it('names --allow-addons when it may not load addons', () => {
    expect(run(['--allow-fs-read=*'], open())).to.match(
      /^UnsupportedPlatformError ENOSYS open: the native addon cannot be loaded \(.*rxnetlink\.node\): Node\.js runs without addons; with the permission model, start it with --allow-addons/,
    );
  });

  it('names --allow-fs-read when it may not read the addon', () => {
    const readable = [`${root}dist/*`, `${root}node_modules/rxjs/*`, `${root}node_modules/tslib/*`, `${root}package.json`];
    const error = run([...readable.map((path) => `--allow-fs-read=${path}`), '--allow-addons'], open());
    expect(error).to.match(/^UnsupportedPlatformError ENOSYS open: the native addon .*the permission model of Node\.js .*--allow-fs-read/);
  });

  it('names --allow-fs-read when it may not read the file in RXNETLINK_ADDON', () => {
    const readable = [`${root}dist/*`, `${root}node_modules/rxjs/*`, `${root}node_modules/tslib/*`, `${root}package.json`];
    const flags = [...readable.map((path) => `--allow-fs-read=${path}`), '--allow-addons'];
    expect(run(flags, open(), { RXNETLINK_ADDON: '/somewhere/rxnetlink.node' })).to.match(
      /^UnsupportedPlatformError ENOSYS open: the native addon in RXNETLINK_ADDON .*--allow-fs-read=\/somewhere\/rxnetlink\.node/,
    );
  });

  it('names the path of a network namespace that it may not read', () => {
    // node-gyp-build looks for this file of Alpine to distinguish musl from glibc.
    const error = run([`--allow-fs-read=${root}*`, '--allow-fs-read=/etc/alpine-release', '--allow-addons'], open('nowhere'));
    expect(error).to.equal(
      'NetlinkError ERR_ACCESS_DENIED open: network namespace /run/netns/nowhere: the permission model of Node.js denies reading /run/netns/nowhere; ' +
        'start it with --allow-fs-read=/run/netns/nowhere',
    );
  });
});

describe('a process without /proc', function () {
  this.timeout(20_000);

  const run = (context: Mocha.Context, script: string): string => {
    const args = [
      '--mount',
      'sh',
      '-c',
      'mount -t tmpfs tmpfs /proc && exec "$@"',
      'sh',
      process.execPath,
      '--input-type=commonjs',
      '--eval',
      script,
    ];
    const { stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
    if (stdout === '') skipBecause(context, `no mount namespace can be made: ${stderr.trim()}`);
    return stdout.trim();
  };

  it('opens sockets', function () {
    expect(run(this, open())).to.equal('open');
  });

  it('reports a missing /proc when a process names the network namespace', function () {
    expect(run(this, open({ pid: 1 }))).to.equal(
      'NetlinkError ENOENT open: network namespace /proc/1/ns/net: no proc filesystem is mounted at /proc; mount one, or pass { fd } or a name',
    );
  });

  it('names a descriptor by its number', function () {
    expect(run(this, open({ fd: 99 }))).to.equal('NetlinkError EBADF open: descriptor 99 is not open');
  });
});
