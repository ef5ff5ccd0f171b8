import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { isKernelError } from '../../lib/index.js';
import { loadFamily } from '../../lib/spec-loader/index.js';
import { errorReply, fakeKernel } from '../../lib/testing/index.js';
import { MessageType } from '../../lib/wire/index.js';

const SETS = loadFamily(`
name: sets
protocol: netlink-raw
protonum: 12
errors:
  - { name: SETS_ERR_PROTOCOL, value: 4097, doc: the protocol version of the request is not supported }
  - { name: SETS_ERR_FULL, value: 4352 }
attribute-sets: [{ name: top, attributes: [{ name: setname, type: string }] }]
operations: { list: [{ name: create, value: 1538, attribute-set: top, do: { request: {} } }] }
objects: [{ name: set, operations: [create], words: [['set ', setname]] }]
`);

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error,
  );

/** The error of a request that the kernel rejects with a number; `message` is the kernel's own. */
async function rejected(errno: number, message?: string): Promise<unknown> {
  using client = SETS({ transport: fakeKernel(() => errorReply(errno, message === undefined ? {} : { message })) });
  return await failure(lastValueFrom(client.do('create', { setname: 'hosts' })));
}

describe('errors of a family', () => {
  it('have the name and the words of the specification', async () => {
    const error = await rejected(4097);
    expect(error).to.include({
      code: 'SETS_ERR_PROTOCOL',
      errno: -4097,
      message: "SETS_ERR_PROTOCOL create: set 'hosts': the protocol version of the request is not supported",
    });
    expect(isKernelError(error, 'SETS_ERR_PROTOCOL')).to.equal(true);
  });

  it('have the name alone when the specification has no words for it', async () => {
    expect(await rejected(4352)).to.include({ code: 'SETS_ERR_FULL', message: "SETS_ERR_FULL create: set 'hosts'" });
  });

  it('keep the message of the kernel, the names of Linux, and numbers that the specification lacks', async () => {
    expect(await rejected(4097, 'too old')).to.have.property('message', "SETS_ERR_PROTOCOL create: set 'hosts': too old");
    expect(await rejected(17)).to.have.property('code', 'EEXIST');
    expect(await rejected(4200)).to.have.property('code', 'E4200');
  });

  it('are named in a batch and when the kernel echoes nothing of the request', async () => {
    using client = SETS({ transport: fakeKernel(() => errorReply(4352)) });
    const [result] = await lastValueFrom(client.batch([{ op: 'create', request: { setname: 'a' } }]).pipe(toArray()));
    expect(result).to.have.property('error').that.has.property('code', 'SETS_ERR_FULL');

    const bare = fakeKernel(() => ({ type: MessageType.Error, payload: new Uint8Array(Int32Array.of(-4097).buffer) }));
    using other = SETS({ transport: bare });
    expect(await failure(lastValueFrom(other.do('create')))).to.have.property('code', 'SETS_ERR_PROTOCOL');
  });
});
