import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { TARGETS } from '../../scripts/prebuild/targets.mjs';
import { spawnSync } from '../support/programs.js';
import { skipBecause } from '../support/unavailable.js';
import { Packed, root } from './packed.js';

/** A user's program, and its imports. */
const PROGRAM = `
const socket: NetlinkSocket = netlink({ protocol: Protocol.Route });
const names = socket
  .request({ type: 18, flags: MessageFlags.Dump, payload: new Uint8Array(16) })
  .pipe(map((message: Message) => new AttributeReader(message.payload, { start: 16 }).find(3)?.string()));
names.subscribe({ error: (error: unknown) => { if (error instanceof KernelError) console.log(error.code); } });
`;
const OPEN = "const s = require('rxnetlink').netlink(0); const lease = s.connect(); console.log(s.portId > 0); lease.unsubscribe()";
const NAMES = 'AttributeReader, KernelError, MessageFlags, Protocol, netlink';

describe('a project that has installed the package', function () {
  this.timeout(600_000);
  let packed: Packed;

  before(() => {
    packed = new Packed();
  });
  after(() => {
    packed.remove();
  });

  const node = (...args: readonly string[]) => spawnSync(process.execPath, args, { cwd: packed.consumer, encoding: 'utf8' });

  it('imports the package from an ES module', () => {
    const { stdout, stderr } = node('--input-type=module', '-e', "import { Protocol } from 'rxnetlink'; console.log(Protocol.Generic)");
    expect({ stdout, stderr }).to.deep.equal({ stdout: '16\n', stderr: '' });
  });

  it('requires the same exports from CommonJS', () => {
    const program =
      "const { netlink, NetlinkSocket } = require('rxnetlink');" +
      "import('rxnetlink').then((module) => console.log(netlink({ protocol: 0 }) instanceof module.NetlinkSocket, NetlinkSocket === module.NetlinkSocket))";
    const { stdout, stderr } = node('--input-type=commonjs', '-e', program);
    expect({ stdout, stderr }).to.deep.equal({ stdout: 'true true\n', stderr: '' });
  });

  it("loads only the package's files, RxJS and Node when it is imported", () => {
    const program =
      "require('rxnetlink'); console.log(JSON.stringify(Object.keys(require.cache).filter((path) => !/rxnetlink|rxjs|tslib/.test(path))))";
    expect(node('--input-type=commonjs', '-e', program).stdout).to.equal('[]\n');
  });

  for (const [resolution, files, options] of [
    ['nodenext', ['program.mts', 'program.cts'], { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }],
    ['bundler', ['program.ts'], { module: ts.ModuleKind.Preserve, moduleResolution: ts.ModuleResolutionKind.Bundler }],
  ] as const) {
    it(`compiles with strict types and ${resolution} resolution, including the package's own types`, () => {
      const paths = files.map((file) => join(packed.consumer, file));
      const text = `import { map } from 'rxjs';\nimport { ${NAMES}, type Message, type NetlinkSocket } from 'rxnetlink';\n${PROGRAM}`;
      for (const path of paths) writeFileSync(path, text);
      const typeRoots = [join(packed.consumer, 'node_modules/@types')];
      const program = ts.createProgram(paths, { ...options, typeRoots, types: ['node'], strict: true, target: ts.ScriptTarget.ES2023 });
      const ours = program
        .getSourceFiles()
        .filter(({ fileName }) => fileName.startsWith(packed.consumer) && !/node_modules\/(?!rxnetlink\/)/.test(fileName));
      expect(ours.length).to.be.above(30);
      const diagnostics = [
        ...program.getOptionsDiagnostics(),
        ...ours.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
      ];
      expect(diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).to.deep.equal([]);
    });
  }

  it('opens a socket with the prebuild of this machine', function () {
    const target = TARGETS.find(({ arch }) => arch === process.arch);
    if (target === undefined) skipBecause(this, `no prebuild for ${process.arch} is built`);
    const { stdout, stderr } = node('--input-type=commonjs', '-e', OPEN);
    expect({ stdout, stderr }).to.deep.equal({ stdout: 'true\n', stderr: '' });
  });

  it('runs the commands for families, and names the package that a specification needs', () => {
    const command = (...words: readonly string[]) => node('node_modules/rxnetlink/dist/cli/main.js', ...words);
    const link = command('do', 'rt-link', 'getlink', 'ifname=lo', '--json');
    expect(link.stderr).to.equal('');
    expect(JSON.parse(link.stdout)).to.include({ ifname: 'lo' });
    for (const words of [
      ['dump', 'rt-addr', 'getaddr'],
      ['describe', 'rt-link'],
      ['describe', 'nlctrl', 'getfamily'],
    ])
      expect(command(...words), words.join(' ')).to.include({ status: 0, stderr: '' });
    expect(command('listen', 'rt-link', 'nothing').stderr)
      .to.contain('nothing')
      .and.not.contain('package');
    writeFileSync(join(packed.consumer, 'family.yaml'), 'name: test\n');
    const needed = 'rxnetlink: specifications in YAML need the package yaml: npm install yaml\n';
    expect(command('describe', 'test', '--spec', 'family.yaml').stderr).to.equal(needed);
  });

  describe('when no prebuild fits', () => {
    before(() => {
      rmSync(join(packed.consumer, 'node_modules/rxnetlink/prebuilds'), { recursive: true });
    });

    it('fails with the searched paths and the command that builds the addon', () => {
      const { stderr } = node('--input-type=commonjs', '-e', OPEN);
      expect(stderr).to.match(
        /UnsupportedPlatformError: ENOSYS open: no native addon for this machine: no build\/Release\/rxnetlink\.node or prebuilds\//,
      );
      expect(stderr).to.contain('npm explore rxnetlink -- npm run build:native');
    });

    it('builds the addon with that command', function () {
      // node-addon-api is not a dependency of the package: the command gets it from npm.
      const modules = join(packed.consumer, 'node_modules');
      const build = () =>
        spawnSync('npm', ['explore', 'rxnetlink', '--', 'npm', 'run', 'build:native'], { cwd: packed.consumer, encoding: 'utf8' });
      const { status, stderr } = build();
      if (stderr.includes('could not be installed from the registry')) {
        const reason = 'npm has no registry, and no node-addon-api in its cache; the addon was built with the copy of the project';
        symlinkSync(join(root, 'node_modules/node-addon-api'), join(modules, 'node-addon-api'));
        expect(build().status, reason).to.equal(0);
      } else expect(status, stderr).to.equal(0);
      const after = node('--input-type=commonjs', '-e', OPEN);
      expect({ stdout: after.stdout, stderr: after.stderr }).to.deep.equal({ stdout: 'true\n', stderr: '' });
    });
  });
});
