import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import {
  EntryFlags,
  ipset,
  rejectedEntry,
  type AddRequest,
  type EntryAttributesInput,
  type IpsetFamily,
} from '../../../lib/families/ipset.js';
import { isKernelError, type KernelError } from '../../../lib/index.js';
import type { WatchableClient } from '../../../lib/live/index.js';
import { useNamespace } from '../../support/namespace.js';

/** Returns the code of a kernel error; undefined if there is none. */
const failureCode = (request: Promise<unknown>): Promise<string | undefined> =>
  request.then(
    () => undefined,
    (error: unknown) => (error as KernelError).code,
  );

const TCP = 6;
const GRE = 47;

describe('errors of ipset', () => {
  const namespace = useNamespace();
  let client: WatchableClient<IpsetFamily, never>;
  /** The highest revision of hash:ip that the kernel has. */
  let revision: number;

  const failure = async <Op extends keyof IpsetFamily['do']>(op: Op, request: IpsetFamily['do'][Op]['request']): Promise<KernelError> =>
    lastValueFrom(client.do(op as 'add', request as AddRequest, { exclusive: true })).then(
      () => expect.fail(`${op} succeeded`),
      (error: unknown) => error as KernelError,
    );
  const saved = (): string[] =>
    namespace()
      .run('ipset', 'save')
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('add '));
  const ips = (...hosts: readonly number[]): EntryAttributesInput[] => hosts.map((host) => ({ ip: { ipv4: `10.0.0.${host}` } }));

  before(async () => {
    client = ipset({ netns: namespace().path });
    client.socket.connect();
    ({ revision = 0 } = await lastValueFrom(client.do('type', { typename: 'hash:ip', family: 2 })));
    const sets = [
      'bits bitmap:ip range 10.0.0.0/30',
      'small hash:ip maxelem 1',
      'six hash:ip family inet6',
      'nets hash:net',
      'hosts hash:ip',
    ];
    const ports = ['ports hash:ip,port', 'numbers bitmap:port range 1-9', 'list list:set size 4', 'lists list:set'];
    for (const set of [...sets, ...ports]) namespace().run('ipset', 'create', ...set.split(' '));
  });
  after(() => client?.close());
  afterEach(() => {
    for (const set of ['small', 'hosts', 'list']) namespace().run('ipset', 'flush', set);
  });

  it('have the names of the kernel and the meaning for the operation', async () => {
    await lastValueFrom(client.do('add', { setname: 'list', adt: { data: ['bits', 'six', 'nets', 'ports'].map((name) => ({ name })) } }));
    const cases: readonly (readonly [() => Promise<KernelError>, string])[] = [
      [() => failure('header', { setname: 'none' }), "ENOENT header: set 'none'"],
      [
        () => failure('create', { setname: 'x', typename: 'hash:ip', revision: 0, data: {} }),
        "IPSET_ERR_INVALID_FAMILY create: set 'x', type 'hash:ip': the type does not support the address family",
      ],
      [
        () => failure('add', { setname: 'hosts', data: ips(1)[0]!, adt: { data: ips(2) } }),
        "IPSET_ERR_PROTOCOL add: set 'hosts': the request lacks an attribute, or has one that the type does not support or that is malformed",
      ],
      [
        () => failure('create', { setname: 'x', typename: 'hash:mac', revision: 9, family: 2 }),
        "IPSET_ERR_FIND_TYPE create: set 'x', type 'hash:mac': the kernel does not support the type, or not its revision or address family",
      ],
      [
        () => failure('create', { setname: 'x', typename: 'bitmap:ip', revision: 0, data: { ip: { ipv4: '10.0.0.0' }, cidr: 8 } }),
        "IPSET_ERR_BITMAP_RANGE_SIZE create: set 'x', type 'bitmap:ip': the range is too large",
      ],
      [
        () =>
          failure('create', {
            setname: 'x',
            typename: 'bitmap:ip',
            revision: 0,
            data: { ip: { ipv4: '10.0.0.0' }, cidr: 24, netmask: 24 },
          }),
        "IPSET_ERR_BITMAP_RANGE create: set 'x', type 'bitmap:ip': the entry is out of the range of the set",
      ],
      [
        () =>
          failure('create', {
            setname: 'x',
            typename: 'hash:ip',
            revision,
            family: 2,
            data: { netmask: 24, bitmask: { ipv4: '255.0.0.0' } },
          }),
        "IPSET_ERR_BITMASK_NETMASK_EXCL create: set 'x', type 'hash:ip': a set has either a netmask or a bitmask",
      ],
      [
        () => failure('create', { setname: 'x', typename: 'hash:ip', revision, family: 2, data: { netmask: 33 } }),
        "IPSET_ERR_INVALID_NETMASK create: set 'x', type 'hash:ip': the netmask or bitmask is not possible here",
      ],
      [
        () => failure('rename', { setname: 'bits', setname2: 'nets' }),
        "IPSET_ERR_REFERENCED rename: set 'bits' and 'nets': a rule or a list uses the set",
      ],
      [
        () => failure('rename', { setname: 'hosts', setname2: 'small' }),
        "IPSET_ERR_EXIST_SETNAME2 rename: set 'hosts' and 'small': a set with the new name exists already",
      ],
      [
        () => failure('swap', { setname: 'hosts', setname2: 'none' }),
        "IPSET_ERR_EXIST_SETNAME2 swap: set 'hosts' and 'none': the second set does not exist",
      ],
      [
        () => failure('swap', { setname: 'hosts', setname2: 'nets' }),
        "IPSET_ERR_TYPE_MISMATCH swap: set 'hosts' and 'nets': the sets have different types or address families",
      ],
      [
        () => failure('destroy', { setname: 'bits' }),
        "IPSET_ERR_BUSY destroy: set 'bits': a rule or a list uses the set, or one of all sets",
      ],
      [() => failure('test', { setname: 'hosts', data: ips(1)[0]! }), "IPSET_ERR_EXIST test: set 'hosts': the entry is not in the set"],
      [() => failure('del', { setname: 'hosts', data: ips(1)[0]! }), "IPSET_ERR_EXIST del: set 'hosts': the entry is not in the set"],
      [
        () => failure('add', { setname: 'hosts', data: { ...ips(1)[0]!, timeout: 4 } }),
        "IPSET_ERR_TIMEOUT add: set 'hosts': the set was created without timeout",
      ],
      [
        () => failure('add', { setname: 'hosts', data: { ...ips(1)[0]!, packets: 4n } }),
        "IPSET_ERR_COUNTER add: set 'hosts': the set was created without counters",
      ],
      [
        () => failure('add', { setname: 'hosts', data: { ...ips(1)[0]!, comment: 'a' } }),
        "IPSET_ERR_COMMENT add: set 'hosts': the set was created without comments",
      ],
      [
        () => failure('add', { setname: 'hosts', data: { ...ips(1)[0]!, skbprio: 4 } }),
        "IPSET_ERR_SKBINFO add: set 'hosts': the set was created without skbinfo",
      ],
      [
        () => failure('add', { setname: 'hosts', data: { ...ips(1)[0]!, cidr: 33 } }),
        "IPSET_ERR_INVALID_CIDR add: set 'hosts': the prefix length is not possible here",
      ],
      [
        () => failure('add', { setname: 'hosts', data: { ip: { ipv4: '0.0.0.0' } } }),
        "IPSET_ERR_HASH_ELEM add: set 'hosts': the address of the entry is all zeros",
      ],
      [
        () => failure('add', { setname: 'six', data: { ip: { ipv6: '::1' }, ipTo: { ipv6: '::2' } } }),
        "IPSET_ERR_HASH_RANGE_UNSUPPORTED add: set 'six': the type does not support ranges of addresses",
      ],
      [
        () => failure('add', { setname: 'nets', data: { ip: { ipv4: '0.0.0.0' }, ipTo: { ipv4: '255.255.255.255' } } }),
        "IPSET_ERR_HASH_RANGE add: set 'nets': the range of addresses is not possible here",
      ],
      [
        () => failure('add', { setname: 'ports', data: { ...ips(1)[0]!, port: 4 } }),
        "IPSET_ERR_MISSING_PROTO add: set 'ports': the protocol of the port is missing",
      ],
      [
        () => failure('add', { setname: 'ports', data: { ...ips(1)[0]!, port: 0, proto: 0 } }),
        "IPSET_ERR_INVALID_PROTO add: set 'ports': the protocol is not possible here",
      ],
      [
        () => failure('add', { setname: 'numbers', data: { port: 10 } }),
        "IPSET_ERR_BITMAP_RANGE add: set 'numbers': the entry is out of the range of the set",
      ],
      [
        () => failure('del', { setname: 'bits', data: ips(9)[0]! }),
        "IPSET_ERR_BITMAP_RANGE del: set 'bits': the entry is out of the range of the set",
      ],
      [
        () => failure('add', { setname: 'list', data: { name: 'none' } }),
        "IPSET_ERR_NAME add: set 'list': the set to add or delete does not exist",
      ],
      [() => failure('add', { setname: 'list', data: { name: 'lists' } }), "IPSET_ERR_LOOP add: set 'list': a list cannot contain a list"],
      [
        () => failure('add', { setname: 'list', data: { name: 'hosts', nameref: 'none', cadtFlags: EntryFlags.Before } }),
        "IPSET_ERR_NAMEREF add: set 'list': the set of nameref does not exist",
      ],
      [
        () => failure('add', { setname: 'list', data: { name: 'hosts', nameref: 'small' } }),
        "IPSET_ERR_REF_EXIST add: set 'list': the set of nameref is not in the list",
      ],
    ];
    const codes = new Set<string>();
    // Bitmasks came with revision 6 of the type.
    const possible = cases.filter(([, message]) => revision >= 6 || !message.startsWith('IPSET_ERR_BITMASK'));
    for (const [fail, message] of possible) {
      const error = await fail();
      expect(error.message).to.equal(message);
      codes.add(error.code);
    }
    expect(codes.size).to.equal(27 - (cases.length - possible.length));
  });

  it('have all names that are possible, if the request does not show the type of the set', async () => {
    await lastValueFrom(client.do('add', { setname: 'small', data: ips(1)[0]! }));
    const full = await failure('add', { setname: 'small', data: ips(2)[0]! });
    const outside = await failure('add', { setname: 'bits', data: ips(9)[0]! });
    for (const error of [full, outside]) {
      expect(error.code).to.equal('IPSET_ERR_BITMAP_RANGE or IPSET_ERR_HASH_FULL');
      expect(error.codes).to.deep.equal(['IPSET_ERR_BITMAP_RANGE', 'IPSET_ERR_HASH_FULL']);
      expect(isKernelError(error, 'IPSET_ERR_HASH_FULL') && isKernelError(error, 'IPSET_ERR_BITMAP_RANGE')).to.equal(true);
      expect(isKernelError(error, 'IPSET_ERR_NAME')).to.equal(false);
    }
    expect(full.message).to.match(/: set 'small': the entry is out of the range of the set, or the set is full$/);
    const { code, codes } = await failure('add', { setname: 'ports', data: { ...ips(1)[0]!, port: 0, proto: 0 } });
    expect(codes).to.deep.equal([code]);
  });

  it('name the entry of many that the kernel rejected, and keep those before it', async () => {
    await lastValueFrom(client.do('add', { setname: 'hosts', data: ips(3)[0]! }));
    const error = await failure('add', { setname: 'hosts', adt: { data: ips(1, 2, 3, 4) } });
    expect(error.message).to.equal("IPSET_ERR_EXIST add: set 'hosts', entry 3: the entry is in the set already");
    expect(rejectedEntry(error)).to.equal(3);
    expect(saved().sort()).to.deep.equal(['add hosts 10.0.0.1', 'add hosts 10.0.0.2', 'add hosts 10.0.0.3']);
    expect(rejectedEntry(await failure('add', { setname: 'none', adt: { data: ips(1, 2) } }))).to.equal(undefined);
    expect(rejectedEntry(await failure('flush', { setname: 'none' }))).to.equal(undefined);
    expect(rejectedEntry(new Error('another'))).to.equal(undefined);
    const own = ips(5, 1).map((entry, at) => ({ ...entry, lineno: 700 + at }));
    expect((await failure('add', { setname: 'hosts', adt: { data: own } })).message).to.include("set 'hosts', entry 701:");
  });

  it('name the entry of each request of a batch', async () => {
    await lastValueFrom(client.do('add', { setname: 'hosts', data: ips(3)[0]! }));
    const requests = [ips(1, 2), ips(4, 3), ips(5)].map((data) => ({
      op: 'add' as const,
      request: { setname: 'hosts', adt: { data } },
      options: { exclusive: true },
    }));
    const results = await lastValueFrom(client.batch(requests).pipe(toArray()));
    expect(results.map((result) => ('error' in result ? (result.error as Error).message : undefined))).to.deep.equal([
      undefined,
      "IPSET_ERR_EXIST add: set 'hosts', entry 2: the entry is in the set already",
      undefined,
    ]);
    expect(saved()).to.have.length(5);
  });

  it('are absent if the request is not exclusive and the kernel has nothing to do', async () => {
    for (const op of ['add', 'add', 'del', 'del'] as const) await lastValueFrom(client.do(op, { setname: 'hosts', data: ips(1)[0]! }));
    // Older kernels report it all the same.
    const destroyed = await failureCode(lastValueFrom(client.do('destroy', { setname: 'none' })));
    expect(destroyed).to.be.oneOf([undefined, 'ENOENT']);
    await lastValueFrom(client.do('create', { setname: 'hosts', typename: 'hash:ip', revision, family: 2, data: {} }));
    expect((await failure('create', { setname: 'hosts', typename: 'hash:ip', revision, family: 2, data: {} })).code).to.equal('EEXIST');
    expect((await failure('destroy', { setname: 'none' })).code).to.equal('ENOENT');
  });

  it('report a protocol without ports', async () => {
    const request = { setname: 'ports', data: { ...ips(1)[0]!, port: 80, proto: GRE } };
    expect(() => client.do('add', request)).to.not.throw();
    expect(await failure('add', request)).to.include({ code: 'EENCODE' });
    await lastValueFrom(client.do('add', { ...request, data: { ...request.data, proto: TCP } }));
    expect(saved()).to.include('add ports 10.0.0.1,tcp:80');
  });
});
