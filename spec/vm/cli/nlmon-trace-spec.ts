import { expect } from 'chai';
import type { DecodedMessage } from '../../../lib/cli/decode/message/decoded-message.js';
import { runCli } from '../../cli/run-cli.js';
import { CommandProcess, until } from '../../kernel/cli/command.js';
import { requirePrograms, spawn } from '../../support/programs.js';
import { modules, run } from '../support.js';

/** The commands whose messages are compared; the last one fails. */
const COMMANDS = 'ip link add vmtrace0 type dummy; ip link set vmtrace0 mtu 1400; ip link del vmtrace0; ip link set vmtrace9 up; exit 7';

/** The parts of a message that strace and nlmon both see. */
const identityOf = ({ protocol, kind, family, operation, sequence, value, error }: DecodedMessage): object => ({
  protocol,
  kind,
  family,
  operation,
  sequence,
  value: kind === 'request' ? value : undefined,
  error: error?.code,
});

describe('rxnetlink trace beside tcpdump on nlmon', function () {
  this.timeout(120_000);
  const ends: (() => unknown)[] = [];
  before(() => {
    requirePrograms('tcpdump', 'strace');
    modules('nlmon', 'dummy');
    run('ip link add nlmon8 type nlmon');
    ends.push(() => run('ip link del nlmon8'));
    run('ip link set nlmon8 up');
  });
  after(() => {
    for (const end of ends.reverse()) end();
  });

  it('prints the requests and their results that decode reads from the pipe of tcpdump', async () => {
    const decoded = new CommandProcess('decode', '-', '--json');
    ends.push(() => decoded.child.kill('SIGKILL'));
    const tcpdump = spawn('tcpdump', ['-U', '-Z', 'root', '-i', 'nlmon8', '-w', '-'], { stdio: ['ignore', 'pipe', 'pipe'] });
    ends.push(() => tcpdump.kill('SIGKILL'));
    tcpdump.stdout.pipe(decoded.child.stdin!);
    let notes = '';
    tcpdump.stderr.setEncoding('utf8').on('data', (text: string) => (notes += text));
    await until(() => notes.includes('listening on'), 'tcpdump does not capture');

    const { code, out } = await runCli('trace', '--json', '--', 'sh', '-c', COMMANDS);
    expect(code).to.equal(7);
    const traced = out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as DecodedMessage)
      .filter(({ kind }) => kind === 'request' || kind === 'ack' || kind === 'error')
      .map(identityOf);
    expect(traced.map((message) => (message as DecodedMessage).operation)).to.include.members(['newlink', 'dellink']);

    const captured = (): object[] => (decoded.objects() as unknown as DecodedMessage[]).map(identityOf);
    const isCaptured = (message: object): boolean => captured().some((other) => JSON.stringify(other) === JSON.stringify(message));
    await until(() => traced.every(isCaptured), 'decode did not print a message that trace printed').catch(() => undefined);
    expect(captured()).to.deep.include.members(traced);
    expect(traced.filter((message) => (message as DecodedMessage).kind === 'error')).to.not.have.length(0);
  });
});
