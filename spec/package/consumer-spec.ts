import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Packed, root } from './packed.js';

/** A program as a user may write it, and all that it imports. */
const PROGRAM = `
const socket: NetlinkSocket = netlink({ protocol: Protocol.Route });
const names = socket
  .request({ type: 18, flags: MessageFlags.Dump, payload: new Uint8Array(16) })
  .pipe(map((message: Message) => new AttributeReader(message.payload, { start: 16 }).find(3)?.string()));
names.subscribe({ error: (error: unknown) => { if (error instanceof KernelError) console.log(error.code); } });
`;
const NAMES = 'AttributeReader, KernelError, MessageFlags, Protocol, netlink';

describe('a project that has installed the package', function () {
  this.timeout(180_000);
  let packed: Packed;

  before(() => {
    packed = new Packed();
  });
  after(() => {
    packed.remove();
  });

  const node = (...args: readonly string[]) => spawnSync(process.execPath, args, { cwd: packed.consumer, encoding: 'utf8' });

  it('imports it from an ES module', () => {
    const { stdout, stderr } = node('--input-type=module', '-e', "import { Protocol } from 'rxnetlink'; console.log(Protocol.Generic)");
    expect({ stdout, stderr }).to.deep.equal({ stdout: '16\n', stderr: '' });
  });

  it('requires it from CommonJS, and gets the same', () => {
    const program =
      "const { netlink, NetlinkSocket } = require('rxnetlink');" +
      "import('rxnetlink').then((module) => console.log(netlink({ protocol: 0 }) instanceof module.NetlinkSocket, NetlinkSocket === module.NetlinkSocket))";
    const { stdout, stderr } = node('--input-type=commonjs', '-e', program);
    expect({ stdout, stderr }).to.deep.equal({ stdout: 'true true\n', stderr: '' });
  });

  it('loads nothing but its own files, RxJS and Node when it is imported', () => {
    const program =
      "require('rxnetlink'); console.log(JSON.stringify(Object.keys(require.cache).filter((path) => !/rxnetlink|rxjs|tslib/.test(path))))";
    expect(node('--input-type=commonjs', '-e', program).stdout).to.equal('[]\n');
  });

  for (const [module, resolution, files] of [
    ['nodenext', 'nodenext', ['program.mts', 'program.cts']],
    ['preserve', 'bundler', ['program.ts']],
  ] as const) {
    it(`compiles with strict types and ${resolution} resolution, checking the package's own`, () => {
      const text = `import { map } from 'rxjs';\nimport { ${NAMES}, type Message, type NetlinkSocket } from 'rxnetlink';\n${PROGRAM}`;
      for (const file of files) writeFileSync(join(packed.consumer, file), text);
      const options = ['--strict', '--noEmit', '--target', 'es2023', '--types', 'node', '--skipLibCheck', 'false'];
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      expect(node(tsc, ...options, '--module', module, '--moduleResolution', resolution, ...files).stdout).to.equal('');
    });
  }

  it('is told how to build the addon where the package brings none, and can', () => {
    const program = "const s = require('rxnetlink').netlink(0); const lease = s.connect(); console.log(s.portId > 0); lease.unsubscribe()";
    const before = node('--input-type=commonjs', '-e', program);
    expect(before.stderr).to.contain('npm explore rxnetlink -- npm run build:native');

    execFileSync('npm', ['explore', 'rxnetlink', '--', 'npm', 'run', 'build:native'], { cwd: packed.consumer, stdio: 'ignore' });
    const after = node('--input-type=commonjs', '-e', program);
    expect({ stdout: after.stdout, stderr: after.stderr }).to.deep.equal({ stdout: 'true\n', stderr: '' });
  });
});
