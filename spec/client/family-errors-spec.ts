import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { isKernelError, type KernelError } from '../../lib/index.js';
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

const KINDS = loadFamily(`
name: kinds
protocol: netlink-raw
protonum: 12
errors:
  - { name: BIT_ERR_RANGE, value: 4352, operations: [add, del], without: [name], doc: it is out of range }
  - { name: HASH_ERR_FULL, value: 4352, operations: [add], with: [ip], doc: the set is full }
  - { name: LIST_ERR_NAME, value: 4352, with: [name], doc: there is no such set }
attribute-sets:
  - name: top
    attributes:
      - { name: data, type: nest, nested-attributes: entry, multi-attr: true }
  - { name: entry, attributes: [{ name: ip, type: u32 }, { name: name, type: string }] }
operations:
  list:
    - { name: add, value: 1538, attribute-set: top, do: { request: {} } }
    - { name: del, value: 1539, attribute-set: top, do: { request: {} } }
    - { name: get, value: 1540, attribute-set: top, do: { request: {} } }
`);

describe('errors of a family with one number', () => {
  const codeOf = async (op: string, ...data: readonly object[]): Promise<KernelError> => {
    using client = KINDS({ transport: fakeKernel(() => errorReply(4352)) });
    return (await failure(lastValueFrom(client.do(op, { data })))) as KernelError;
  };

  it('are those that are possible for the operation and the attributes of the request', async () => {
    expect(await codeOf('del', { ip: 1 })).to.include({ code: 'BIT_ERR_RANGE', message: 'BIT_ERR_RANGE del: it is out of range' });
    expect(await codeOf('add', { ip: 1 }, { name: 'a' })).to.include({ code: 'HASH_ERR_FULL or LIST_ERR_NAME' });
    expect((await codeOf('add', { name: 'a' })).codes).to.deep.equal(['LIST_ERR_NAME']);
  });

  it('have a joint name if several are possible', async () => {
    const error = await codeOf('add', { ip: 1 });
    expect(error).to.include({
      code: 'BIT_ERR_RANGE or HASH_ERR_FULL',
      errno: -4352,
      message: 'BIT_ERR_RANGE or HASH_ERR_FULL add: it is out of range, or the set is full',
    });
    expect(error.codes).to.deep.equal(['BIT_ERR_RANGE', 'HASH_ERR_FULL']);
    expect(['BIT_ERR_RANGE', 'HASH_ERR_FULL', 'LIST_ERR_NAME', error.code].map((code) => isKernelError(error, code))).to.deep.equal([
      true,
      true,
      false,
      true,
    ]);
  });

  it('have all names if the conditions exclude every one', async () => {
    expect((await codeOf('get', { ip: 1 })).codes).to.deep.equal(['BIT_ERR_RANGE', 'HASH_ERR_FULL', 'LIST_ERR_NAME']);
  });
});
