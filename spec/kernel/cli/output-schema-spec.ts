import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { COMMANDS } from '../../../lib/cli/commands.js';
import { outputSchemaText } from '../../../scripts/command/output-schema.mjs';
import { linesOf, runCli } from '../../cli/run-cli.js';
import { useNamespace } from '../../support/namespace.js';
import { requirePrograms } from '../../support/programs.js';
import { CommandHere, until } from './command.js';

const logs = resolve(import.meta.dirname, '../../cli/decode/fixtures');
const text = readFileSync(resolve(import.meta.dirname, '../../../schemas/command-output.json'), 'utf8');
const ajv = new Ajv2020({ strict: false, allErrors: false, allowUnionTypes: true });
ajv.addSchema(JSON.parse(text) as object, 'output');

/** Expects that each line is valid for the definition of a command, and that there are objects. */
function expectValid(command: string, lines: readonly string[]): void {
  const validate = ajv.getSchema(`output#/$defs/${command}`)!;
  expect(lines).to.not.have.length(0);
  for (const line of lines) {
    const value = JSON.parse(line) as unknown;
    if (Array.isArray(value)) expect(value, command).to.not.have.length(0);
    expect(validate(value), `${ajv.errorsText(validate.errors)} in ${line.slice(0, 400)}`).to.equal(true);
  }
}

describe('the JSON Schema of the output of commands', function () {
  this.timeout(60_000);
  const namespace = useNamespace();
  let folder = '';

  /** Writes a document, and returns the path of its file. */
  const document = (contents: object): string => {
    const file = join(folder, 'document.json');
    writeFileSync(file, JSON.stringify({ version: 1, ...contents }));
    return file;
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rxnetlink-output-'));
    namespace().batch([
      'link add br0 type bridge',
      'link add v0 type veth peer name v1',
      'link set v0 master br0 up',
      'link set v1 up',
      'link set br0 up',
      'addr add 10.0.0.1/24 dev br0',
      'addr add 2001:db8::1/64 dev br0 nodad',
      'route add 192.0.2.0/24 via 10.0.0.9 metric 5 mtu 1300',
      'rule add from 10.0.0.0/8 fwmark 7 table 77',
      'neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev br0',
    ]);
    namespace().run('tc', 'qdisc', 'add', 'dev', 'v0', 'root', 'handle', '1:', 'htb');
  });

  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  it('is current', () => {
    expect(text, 'run npm run pages').to.equal(outputSchemaText());
  });

  it('refuses other output', () => {
    const validate = ajv.getSchema('output#/$defs/links')!;
    expect(validate([{ name: 7 }])).to.equal(false);
    expect(validate({})).to.equal(false);
  });

  for (const command of ['links', 'addresses', 'routes', 'rules', 'neighbours', 'fdb', 'qdiscs'])
    it(`describes ${command}`, async () => {
      expectValid(command, await linesOf(command, '--json', '--netns', namespace().path));
    });

  it('describes sockets of this machine', async () => {
    const listener = namespace().start(process.execPath, '-e', "require('net').createServer().listen(8080, () => console.log())");
    await new Promise((ready) => listener.stdout!.once('data', ready));
    expectValid('sockets', await linesOf('sockets', '--json', '--netns', namespace().path));
  });

  it('describes the firewall and the namespaces', async function () {
    requirePrograms('nft');
    namespace().run(
      'nft',
      'add table inet t; add chain inet t c { type filter hook input priority 5; }; add rule inet t c tcp dport 80 counter accept; add table inet e',
    );
    expectValid('firewall', await linesOf('firewall', '--json', '--netns', namespace().path));
    if (namespace().name === undefined) this.skip();
    expectValid('namespaces', await linesOf('namespaces', '--json'));
  });

  it('describes families', async () => {
    expectValid('families', await linesOf('families', '--json'));
  });

  it('describes what monitor and top print', async () => {
    const monitor = new CommandHere('monitor', '--json', '--netns', namespace().path);
    const top = new CommandHere('top', '--json', '--netns', namespace().path);
    try {
      await monitor.prints('"type":"listening"');
      namespace().ip('link set v1 mtu 1400');
      namespace().ip('addr add 10.0.0.7/24 dev br0');
      await monitor.prints('10.0.0.7/24');
      expectValid('monitor', monitor.stdout.split('\n').slice(0, -1));
      await top.prints('\n');
      expectValid('top', top.stdout.split('\n').slice(0, -1));
    } finally {
      await monitor.end();
      await top.end();
    }
  });

  it('describes decoded messages', async () => {
    expectValid('decode', await linesOf('decode', join(logs, 'ip-show.log'), '--json'));
    const file = join(folder, 'links.txt');
    await linesOf('record', file, 'links', '--netns', namespace().path, '--for', '0.1s');
    expectValid('replay', await linesOf('replay', file, '--json', '--speed', '100'));
  });

  it('describes traced messages', async () => {
    requirePrograms('strace');
    const { code, out } = await runCli(
      'trace',
      '--json',
      '--',
      'nsenter',
      `--net=${namespace().path}`,
      '--',
      'sh',
      '-c',
      'exec ip link 2>&- >&-',
    );
    expect(code).to.be.oneOf([0, 1, 2]);
    expectValid('trace', out.split('\n').slice(0, -1));
  });

  it('describes connections', async () => {
    requirePrograms('conntrack');
    const insert = (protocol: readonly string[], ...ends: readonly string[]) =>
      namespace().run('conntrack', '-I', '-p', ...protocol, ...ends, '--sport', '1', '--dport', '53', '--timeout', '60');
    insert(['udp'], '-s', '9.9.9.9', '-d', '8.8.8.8');
    insert(['tcp', '--state', 'ESTABLISHED'], '-s', '2001:db8::9', '-d', '2001:db8::8');
    expectValid('connections', await linesOf('connections', '--json', '--netns', namespace().path));
  });

  it('describes a plan, and what apply and reconcile print', async () => {
    const netns = ['--json', '--netns', namespace().path] as const;
    const links = [{ name: 'br1', kind: 'bridge', up: true }];
    const file = document({ links, routes: [{ to: '192.0.2.0/24', via: '10.0.0.8' }] });
    const planned = await runCli('plan', file, ...netns);
    expect(planned.code).to.equal(2);
    expectValid('plan', planned.out.split('\n').slice(0, -1));
    expectValid('apply', await linesOf('apply', file, ...netns));
    const partly = document({ links, routes: [{ to: '198.51.100.0/24', via: '203.0.113.1' }] });
    const failed = await runCli('apply', partly, '--keep-going', ...netns);
    expect(failed.code).to.equal(1);
    expectValid('apply', failed.out.split('\n').slice(0, -1));
    const undone = await runCli('apply', partly, ...netns);
    expect(undone.out).to.include('"type":"undoing"');
    expectValid('apply', undone.out.split('\n').slice(0, -1));
    const reconciled = new CommandHere('reconcile', document({ links }), ...netns);
    try {
      await reconciled.prints('"type":"in-sync"');
      namespace().ip('link set br1 down');
      await reconciled.prints('"type":"repaired"');
      expect(reconciled.stdout).to.include('"type":"drift"');
      expectValid('reconcile', reconciled.stdout.split('\n').slice(0, -1));
    } finally {
      await reconciled.end();
    }
  });

  it('describes the description of families and of operations', async () => {
    for (const words of [['rt-link'], ['rt-link', 'newlink'], ['nlctrl'], ['ethtool', 'rings-get']])
      expectValid('describe', await linesOf('describe', ...words, '--json'));
  });

  it('describes the replies of operations, and notifications', async () => {
    const netns = ['--json', '--netns', namespace().path] as const;
    expectValid('do', await linesOf('do', 'rt-link', 'getlink', 'ifname=lo', ...netns));
    expectValid('dump', await linesOf('dump', 'rt-addr', 'getaddr', ...netns));
    const listening = new CommandHere('listen', 'rt-link', ...netns);
    try {
      await until(() => {
        namespace().ip('link set br0 alias one');
        return listening.stdout !== '';
      }, 'listen printed no notification');
      expectValid('listen', listening.stdout.split('\n').slice(0, -1));
    } finally {
      await listening.end();
    }
  });

  it('has a definition for every command with --json', () => {
    const { $defs: definitions } = JSON.parse(text) as { readonly $defs: object };
    const withJson = COMMANDS.filter(({ options = [] }) => options.some(({ flags }) => flags === '--json'));
    expect(definitions).to.include.keys(...withJson.map(({ name }) => name));
  });
});
