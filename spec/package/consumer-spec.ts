import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { Packed } from './packed.js';
import { execFileSync, spawnSync } from '../support/programs.js';

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

  for (const [resolution, files, options] of [
    ['nodenext', ['program.mts', 'program.cts'], { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }],
    ['bundler', ['program.ts'], { module: ts.ModuleKind.Preserve, moduleResolution: ts.ModuleResolutionKind.Bundler }],
  ] as const) {
    it(`compiles with strict types and ${resolution} resolution, the package's own types included`, () => {
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

  it('is told how to build the addon where the package brings none, and can', () => {
    const program = "const s = require('rxnetlink').netlink(0); const lease = s.connect(); console.log(s.portId > 0); lease.unsubscribe()";
    const before = node('--input-type=commonjs', '-e', program);
    expect(before.stderr).to.contain('npm explore rxnetlink -- npm run build:native');

    execFileSync('npm', ['explore', 'rxnetlink', '--', 'npm', 'run', 'build:native'], { cwd: packed.consumer, stdio: 'ignore' });
    const after = node('--input-type=commonjs', '-e', program);
    expect({ stdout: after.stdout, stderr: after.stderr }).to.deep.equal({ stdout: 'true\n', stderr: '' });
  });
});
