import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { encodePcap } from '../../../lib/testing/index.js';
import { KERNEL_ORIGIN } from '../../../lib/index.js';
import { linesOf, runCli } from '../../cli/run-cli.js';
import { needsChildNode } from '../../support/emulator.js';
import { createNamespace, useNamespace } from '../../support/namespace.js';
import { requirePrograms, spawnSync } from '../../support/programs.js';
import { skipBecause } from '../../support/unavailable.js';
import { CommandHere } from './command.js';

const MAIN = resolve(import.meta.dirname, '../../../dist/cli/main.js');

/** A family of rtnetlink with a message type above RTM_MAX: to this kernel it is one of a later kernel. */
const FUTURE = `
name: future
protocol: netlink-raw
protonum: 0
definitions:
  - { name: futuremsg, type: struct, members: [{ name: family, type: u8 }] }
attribute-sets:
  - { name: future, attributes: [{ name: one, type: u32, value: 1 }] }
operations:
  enum-model: directional
  list:
    - name: getfuture
      fixed-header: futuremsg
      attribute-set: future
      do: { request: { value: 250, attributes: [one] }, reply: { value: 248, attributes: [one] } }
`;

describe('the command with input that it cannot use', () => {
  const namespace = useNamespace();
  let folder = '';
  const netns = () => ['--netns', namespace().path] as const;
  const file = (name: string, contents: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, contents);
    return path;
  };
  const failed = async (code: number, ...argv: readonly string[]): Promise<string> => {
    const before = namespace().run('ip', '-j', 'addr');
    const result = await runCli(...argv);
    expect(result).to.include({ code, out: '' });
    expect(result.err).to.match(/^rxnetlink: [^\n]+\n$/);
    expect(JSON.parse(namespace().run('ip', '-j', 'addr'))).to.deep.equal(JSON.parse(before));
    return result.err;
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rxnetlink-bad-'));
    namespace().batch(['link add - type veth peer name <b>', 'link set <b> up', 'addr add 10.0.0.1/24 dev -', 'link set - up']);
  });
  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  it('reports an operation that the kernel does not have: one of a later kernel, and a family that is not loaded', async () => {
    const spec = file('future.yaml', FUTURE);
    expect(await failed(1, 'do', 'future', 'getfuture', '--spec', spec, ...netns())).to.match(/EOPNOTSUPP/);
    expect(await failed(1, 'dump', 'dpll', 'device-get', ...netns())).to.match(/dpll/);
  });

  it('reports a document with an address that is none, and changes nothing', async () => {
    const document = (address: string) =>
      file('document.json', JSON.stringify({ version: 1, links: [{ name: 'br7', kind: 'bridge', addresses: [{ address }] }] }));
    for (const address of ['10.0.0.0/33', '10.0.0/24', '2001:db8::/129', 'ten'])
      expect(await failed(1, 'apply', document(address), ...netns())).to.include(`links[0].addresses[0].address: '${address}'`);
  });

  it('reports an interface that does not exist: do, listings', async () => {
    expect(await failed(1, 'do', 'rt-link', 'getlink', 'ifname=v9', ...netns())).to.match(/v9.*ENODEV|ENODEV.*v9/);
    expect(await failed(1, 'qdiscs', 'v9', ...netns())).to.include("no link is named 'v9'");
  });

  it('reports a broken pcap: decode, replay', async () => {
    const datagram = { ...KERNEL_ORIGIN, bytes: new Uint8Array(20), time: 1, direction: 'sent', protocol: 0 } as const;
    const broken = file('broken.pcap', encodePcap({ datagrams: [datagram] }).subarray(0, -1));
    for (const command of ['decode', 'replay']) expect(await failed(1, command, broken)).to.include('the file ends within a packet');
  });

  it('reports what the kernel permits to root only', function () {
    needsChildNode(this);
    requirePrograms('setpriv');
    const command = ['setpriv', '--bounding-set=-all', '--inh-caps=-all', process.execPath, MAIN, 'connections'];
    const { status, stdout, stderr } = spawnSync('nsenter', [`--net=${namespace().path}`, '--', ...command], { encoding: 'utf8' });
    expect({ status, stdout }).to.deep.equal({ status: 1, stdout: '' });
    expect(stderr).to.match(/^rxnetlink: [^\n]*EPERM[^\n]*\n$/);
  });

  it('lists the namespaces that it can read, and names the others: --all-namespaces', function () {
    needsChildNode(this);
    requirePrograms('setpriv');
    const other = createNamespace();
    try {
      const { name } = namespace();
      if (name === undefined || other.name === undefined) skipBecause(this, 'only namespaces with a name are listed');
      const command = ['setpriv', '--bounding-set=-all', '--inh-caps=-all', process.execPath, MAIN, 'links', '--all-namespaces', '--json'];
      const { status, stdout, stderr } = spawnSync('nsenter', [`--net=${namespace().path}`, '--', ...command], { encoding: 'utf8' });
      const rows = JSON.parse(stdout) as { readonly namespace: string; readonly name: string }[];
      expect(new Set(rows.map((row) => row.namespace))).to.deep.equal(new Set([name]));
      expect(rows.map((row) => row.name)).to.have.members(['lo', '-', '<b>']);
      expect(stderr.split('\n').filter((line) => line.includes(`namespace ${other.name!}: `))).to.have.length(1);
      expect(stderr).to.match(/^(?:rxnetlink: namespace \S+: [^\n]*\(EPERM\)\n)+$/);
      expect(status).to.equal(1);
    } finally {
      other.delete();
    }
  });

  it('prints one line for a filter that no namespace accepts: --all-namespaces', async function () {
    if (namespace().name === undefined) skipBecause(this, 'only namespaces with a name are listed');
    const second = createNamespace();
    try {
      expect(await failed(64, 'links', 'mtuu=1', '--all-namespaces')).to.include('did you mean mtu?');
      expect(await failed(64, 'connections', 'mrk=1', '--all-namespaces')).to.include('did you mean mark?');
    } finally {
      second.delete();
    }
  });

  it('reports an output that cannot be written', function () {
    needsChildNode(this);
    const { status, stderr } = spawnSync('sh', ['-c', `exec ${process.execPath} ${MAIN} links --netns ${namespace().path} > /dev/full`], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).to.deep.equal({
      status: 1,
      stderr: 'rxnetlink: cannot write the output: ENOSPC: no space left on device, write\n',
    });
  });

  for (const [table, column] of [
    ['links', 0],
    ['addresses', 0],
    ['routes', 2],
    ['qdiscs', 0],
    ['fdb', 1],
  ] as const)
    it(`names an interface that is called - or <b>: ${table}`, async () => {
      const cells = (await linesOf(table, ...netns())).slice(1).map((line) => line.split(/ {2,}/)[column]);
      expect(cells).to.include('"-"');
      if (table === 'links' || table === 'qdiscs' || table === 'fdb') expect(cells).to.include('<b>');
      // A word alone is a link, where links are listed.
      if (table === 'routes') return;
      const one = (await linesOf(table, '-', ...netns())).slice(1).map((line) => line.split(/ {2,}/)[column]);
      expect(new Set(one)).to.deep.equal(new Set(['"-"']));
    });

  it('names them in top without a terminal, which prints plain tables until its reader ends', async () => {
    const top = new CommandHere('top', ...netns());
    await top.prints('<b>');
    await top.end();
    expect(await top.ended).to.equal(0);
    const [counts, titles, ...rows] = top.stdout.split('\n');
    expect(counts).to.match(/^3 links, 0 sockets.*, by rate$/);
    expect(titles).to.match(/^LINK /);
    expect(rows.map((row) => row.split(' ')[0])).to.include.members(['"-"', '<b>', 'lo']);
    expect(top.stdout).to.not.include('\u001b');
  });

  it('names them in the sentences of monitor', async () => {
    const monitor = new CommandHere('monitor', ...netns(), 'links', 'addresses');
    try {
      let mtu = 1400;
      while (!monitor.stdout.includes('<b>')) {
        namespace().ip(`link set <b> mtu ${String(mtu++)}`);
        await new Promise((done) => setImmediate(done));
      }
      namespace().ip('addr add 10.7.0.1/24 dev -');
      await monitor.prints('address 10.7.0.1/24 set on -');
      expect(monitor.stdout).to.match(/^link <b> \(veth\) changed/m);
    } finally {
      await monitor.end();
    }
  });
});
