import { expect } from 'chai';
import { KernelError } from '../../lib/errors/index.js';
import { translateError } from '../../lib/network/common/translate-error.js';

const CONTEXT = { verb: 'ensure', subject: () => 'qdisc root on lo', missing: [] };

describe('translateError for EPERM', () => {
  it('names the capability first, without the numbers of the request', () => {
    const object = "qdisc 'tbf' 0x5a9e0000 at parent 0xffffffff";
    const advice = 'needs CAP_NET_ADMIN in its namespace';
    const error = new KernelError({ errno: -1, operation: 'newqdisc', object, advice });
    expect(error.message).to.equal(`EPERM newqdisc: ${object} (${advice})`);
    const translated = translateError(error, CONTEXT);
    expect(translated).to.include({ reason: 'denied', code: 'EPERM', cause: error });
    expect(translated).to.have.property('message', 'cannot ensure qdisc root on lo: needs CAP_NET_ADMIN in its namespace (EPERM)');
  });

  it("keeps the kernel's own text", () => {
    const extendedAck = { message: 'Operation not allowed' };
    const error = new KernelError({ errno: -1, operation: 'newqdisc', extendedAck, advice: 'needs CAP_NET_ADMIN in its namespace' });
    expect(translateError(error, CONTEXT)).to.have.property('message', 'cannot ensure qdisc root on lo: Operation not allowed (EPERM)');
  });
});
