import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { outputSchemaText } from '../../../scripts/command/output-schema.mjs';
import { linesOf, runCli } from '../../cli/run-cli.js';
import { useNamespace } from '../../support/namespace.js';
import { requirePrograms } from '../../support/programs.js';
import { CommandHere } from './command.js';

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

  before(() => {
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
    const log = resolve(import.meta.dirname, '../../cli/decode/fixtures/ip-show.log');
    expectValid('decode', await linesOf('decode', log, '--json'));
  });

  it('describes a plan', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rxnetlink-plan-'));
    const file = join(folder, 'document.json');
    writeFileSync(
      file,
      JSON.stringify({ version: 1, links: [{ name: 'br1', kind: 'bridge' }], routes: [{ to: '192.0.2.0/24', via: '10.0.0.8' }] }),
    );
    const { code, out } = await runCli('plan', file, '--json', '--netns', namespace().path);
    rmSync(folder, { recursive: true });
    expect(code).to.equal(2);
    expectValid('plan', out.split('\n').slice(0, -1));
  });
});
