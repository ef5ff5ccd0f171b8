import { expect } from 'chai';
import { useNamespace } from '../support/namespace.js';
import { expectBudget } from './expect-budget.js';
import { requireStrace, trace } from './strace.js';
import { subjectCommand } from './subject.js';

const REQUESTS = 2000;
/** Forty datagrams: the first wake-ups of a dump read less. */
const ROUTES = 20_000;

/** The system calls that send and read datagrams. */
const TRACED = ['sendto', 'sendmsg', 'sendmmsg', 'recvfrom', 'recvmsg', 'recvmmsg'];

describe('the number of system calls', function () {
  this.timeout(60_000);
  const namespace = useNamespace();
  let calls: readonly number[] = [];
  let datagrams = 0;

  before(function () {
    requireStrace(this);
    namespace().batch(
      Array.from({ length: ROUTES }, (_, index) => `route add 198.18.${String(index >> 8)}.${String(index & 255)}/32 dev lo`),
    );
    const { output, sections } = trace(namespace(), TRACED, subjectCommand('calls', [], [String(REQUESTS)]));
    const subject = JSON.parse(output) as { datagrams: number; routes: number };
    expect(subject.routes).to.be.at.least(ROUTES);
    ({ datagrams } = subject);
    calls = sections.map(({ length }) => length);
  });

  it('is small for sequential requests', () => expectBudget('callsPerRequest', calls[1]! / REQUESTS));

  it('is small for a batch', () => expectBudget('callsPerBatched', calls[2]! / REQUESTS));

  it('is small for a dump', () => expectBudget('callsPerDatagram', calls[3]! / datagrams));
});
