import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { needsChildNode } from '../../support/emulator.js';
import { useNamespace } from '../../support/namespace.js';
import { spawn } from '../../support/programs.js';
import { CommandHere, until } from './command.js';

interface Sample {
  readonly sockets: number;
  readonly links: readonly { readonly name: string; readonly rxPackets: number; readonly txBits: number }[];
}

describe('rxnetlink top', function () {
  this.timeout(40_000);
  const namespace = useNamespace();

  before(() => {
    namespace().ip('link add v0 type veth peer name v1');
  });

  it('prints the links of a namespace with their rates, as JSON', async () => {
    const command = new CommandHere('top', '--json', '--netns', namespace().path);
    try {
      await command.prints('\n');
      // Each sends one datagram over the loopback: 10 bytes, 8 of UDP, 20 of IPv4, 14 of Ethernet.
      namespace().run('bash', '-c', 'for i in {1..500}; do echo 123456789 > /dev/udp/127.0.0.1/9; done');
      const lo = () => (command.objects() as unknown as Sample[]).map(({ links }) => links.find(({ name }) => name === 'lo')!);
      await until(() => lo().some(({ rxPackets }) => rxPackets > 0), 'top printed no rate of lo');
      const samples = command.objects() as unknown as Sample[];
      expect(samples[0]!.links.map(({ name }) => name).sort()).to.deep.equal(['lo', 'v0', 'v1']);
      expect(samples[0]!.sockets).to.equal(0);
      const busy = lo().find(({ rxPackets }) => rxPackets > 0)!;
      // The reply of each is an ICMP message with the datagram: 14 + 20 + 8 + 38 bytes.
      expect(busy.txBits / 8 / busy.rxPackets).to.be.within(50, 80);
    } finally {
      await command.end();
    }
  });

  it('shows a screen in a terminal, gives it back, and ends with 0 at q', async function () {
    needsChildNode(this);
    const command = `node dist/cli/main.js top --netns ${namespace().path}; echo code $?`;
    const child = spawn('script', ['-qec', `stty cols 80 rows 10; ${command}`, '/dev/null'], {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      await until(() => output.includes('by rate'), 'top showed no picture');
      child.stdin.write('s');
      await until(() => output.includes('by received'), 'the key s has no effect');
      await delay(10);
      child.stdin.write('q');
      await until(() => output.includes('code 0'), 'the key q does not end top');
      expect(output).to.match(/\u001b\[\?1049h[\s\S]*\u001b\[\?1049lcode 0/);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
