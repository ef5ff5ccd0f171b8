import { expect } from 'chai';
import { KernelLog } from './kernel-log.js';
import { skipBecause } from '../support/unavailable.js';

/*
 * The kernel logs requests that it accepts although they are wrong: bytes behind the attributes, a number in another width. A family that
 * sends such a request works, and the log of every machine fills. scripts/gate/stages.mjs runs this file last in each process with kernel
 * specs: it starts to read when it is loaded, before the first test.
 */

/** The lines that tests cause on purpose: what they send is wrong. */
const EXPECTED: readonly { readonly during: RegExp; readonly text: RegExp; readonly reason: string }[] = [
  {
    during: /^the contract of kernels, .* repeats the request in an error, and only its header when acks are capped$/,
    text: /^netlink: 4 bytes leftover after parsing attributes/,
    reason: 'the request has 4 more bytes than its header, which an error repeats and a capped one does not',
  },
  {
    during: /^the contract of kernels, .* explains an error when extended acks are on$/,
    text: /attribute type 4 has an invalid length/,
    reason: 'an MTU of two bytes (IFLA_MTU), which the kernel rejects',
  },
];

/** The name of this process in the log; another process named `node` may have its own faults. */
const NAME = `rxnl-${String(process.pid)}`;

function open(): KernelLog | Error {
  try {
    return new KernelLog(NAME);
  } catch (error) {
    return error as Error;
  }
}

const log = open();
process.title = NAME;

afterEach(function () {
  if (log instanceof KernelLog) log.read(this.currentTest?.fullTitle() ?? '');
});
after(() => {
  if (log instanceof KernelLog) log.close();
});

describe('the log of the kernel', () => {
  it('has no line that names the process of the specs, except for requests that are wrong on purpose', function () {
    if (log instanceof Error) skipBecause(this, 'the log of the kernel is not readable (/dev/kmsg)', log);
    const isExpected = ({ text, during }: (typeof log.lines)[number]): boolean =>
      EXPECTED.some((line) => line.text.test(text) && line.during.test(during));
    expect(log.lines.filter((line) => !isExpected(line))).to.deep.equal([]);
  });
});
