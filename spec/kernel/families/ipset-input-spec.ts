import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { CreateFlags, EntryFlags, ipset, ipsetSchema, type IpsetFamily } from '../../../lib/families/ipset.js';
import type { EncodeError } from '../../../lib/index.js';
import { watchableFamily, type WatchableClient } from '../../../lib/live/index.js';
import type { FamilySchema } from '../../../lib/schema/index.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';

/** Returns the descriptor without all checks of requests. */
function unchecked(schema: FamilySchema): FamilySchema {
  const CHECKS = new Set(['checks', 'excludes', 'ignored', 'needs', 'only', 'write']);
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => (CHECKS.has(key) ? [] : [[key, copy(inner)]])));
  };
  return copy(schema) as FamilySchema;
}

/** A request with a value that the kernel ignores or changes, and the request that has the same effect. */
interface Case {
  readonly op: 'create' | 'add' | 'del';
  readonly bad: object;
  readonly same: object;
  readonly path: string;
}

const ip = { ipv4: '10.0.0.1' };
const ip6 = { ipv6: '2001:db8::1' };
const add = (setname: string, same: object, more: object, path: string): Case => ({
  op: 'add',
  same: { setname, data: same },
  bad: { setname, data: { ...same, ...more } },
  path: `.data${path}`,
});
const create = (typename: string, same: object, more: object, path: string, family = 2): Case => ({
  op: 'create',
  same: { setname: 'new', typename, revision: 3, family, data: same },
  bad: { setname: 'new', typename, revision: 3, family, data: { ...same, ...more } },
  path: `.data${path}`,
});
const range = { ip: { ipv4: '10.0.0.0' }, ipTo: { ipv4: '10.0.0.7' } };
const hash = { initval: 1, bucketsize: 4 };

const CASES: Readonly<Record<string, Case>> = {
  'a prefix length beside the end of a range': add('hosts', { ip, ipTo: { ipv4: '10.0.0.3' } }, { cidr: 24 }, '.cidr'),
  'a prefix length beside the end of a range of networks': add('nets', range, { cidr: 8 }, '.cidr'),
  'a port of a protocol without ports': add('ports', { ip, port: 0, proto: 47 }, { port: 80 }, '.port'),
  'a range of types of ICMP': add('ports', { ip, port: 0x800, proto: 1 }, { portTo: 0x900 }, '.portTo'),
  'ICMPv6 beside an IPv4 address': add('ports', { ip, port: 0, proto: 58 }, { port: 0x8700 }, '.port'),
  'ICMP beside an IPv6 address': add('ports6', { ip: ip6, port: 0, proto: 1 }, { port: 0x800 }, '.port'),
  'addresses of both families': add('hosts', { ip }, { ip: { ...ip, ...ip6 } }, '.ip.ipv4'),
  'the flag of a list in an entry of a network': add('nets', { ip, cidr: 8 }, { cadtFlags: EntryFlags.Before }, '.cadtFlags'),
  'the flag of an interface without one': add('nets', { ip, cidr: 8 }, { cadtFlags: EntryFlags.Physdev }, '.cadtFlags'),
  'nomatch of a set in a list': add('list', { name: 'nets' }, { cadtFlags: EntryFlags.Nomatch }, '.cadtFlags'),
  'an unknown flag of an entry': add('nets', { ip, cidr: 8 }, { cadtFlags: 1 << 10 }, '.cadtFlags'),
  'a timeout that the kernel shortens': add('hosts', { ip, timeout: 2_147_483 }, { timeout: 2_147_484 }, '.timeout'),
  'the greatest timeout of 32 bits': add('hosts', { ip, timeout: 2_147_483 }, { timeout: 0xffff_ffff }, '.timeout'),
  'an unknown flag of a set': create('hash:ip', hash, { cadtFlags: 1 << 9 }, '.cadtFlags'),
  'the flag of an entry for a set': create('hash:ip', hash, { cadtFlags: EntryFlags.Nomatch }, '.cadtFlags'),
  'forceadd of a bitmap': create('bitmap:ip', range, { cadtFlags: CreateFlags.WithForceadd }, '.cadtFlags'),
  'a network beside a range': create('bitmap:ip', range, { cidr: 24 }, '.cidr'),
  'a table that is too small': create('hash:net', { ...hash, hashsize: 64 }, { hashsize: 1 }, '.hashsize'),
  'a bucket of an odd size': create('hash:net', hash, { bucketsize: 3 }, '.bucketsize'),
  'a bucket that is too large': create('hash:net', { ...hash, bucketsize: 12 }, { bucketsize: 99 }, '.bucketsize'),
  'a list that is too short': create('list:set', { size: 4 }, { size: 1 }, '.size', 0),
  'a default timeout that the kernel shortens': create('list:set', { timeout: 2_147_483 }, { timeout: 4_294_967_295 }, '.timeout', 0),
  'an address family of ports': {
    ...create('bitmap:port', { port: 1, portTo: 9 }, {}, ''),
    same: { setname: 'new', typename: 'bitmap:port', revision: 3, data: { port: 1, portTo: 9 } },
    path: '.family',
  },
};

describe('requests that ipset accepts and does not execute as they are', () => {
  const namespace = useNamespace();
  let client: WatchableClient<IpsetFamily, never>;
  let raw: WatchableClient<IpsetFamily, never>;

  /** Returns what the tool saves, without the seconds that pass: timeouts have as many digits as they had. */
  const saved = (): string =>
    namespace()
      .run('ipset', 'save')
      .replaceAll(/^(add .*timeout) (\d+)/gm, (_, line: string, seconds: string) => `${line} ${seconds.length} digits`);
  const failure = (op: Case['op'] | 'test' | 'flush', request: object): Promise<EncodeError> =>
    lastValueFrom(client.do(op as 'flush', request)).then(
      () => expect.fail(`${op} succeeded`),
      (error: unknown) => error as EncodeError,
    );
  const restart = (): void => {
    const sets = ['hosts hash:ip timeout 9000', 'nets hash:net', 'ports hash:ip,port', 'ports6 hash:ip,port family inet6', 'list list:set'];
    const lines = ['flush', 'destroy', ...sets.map((set) => `create ${set}${set.includes('hash') ? ' initval 1' : ''}`)];
    namespace().run('sh', '-c', `ipset restore <<'END'\n${lines.join('\n')}\nEND`);
  };

  before(async function () {
    client = ipset({ netns: namespace().path });
    raw = watchableFamily(unchecked(ipsetSchema) as typeof ipsetSchema, {})({ netns: namespace().path });
    client.socket.connect();
    const { revision = 0 } = await lastValueFrom(client.do('type', { typename: 'hash:ip', family: 2 }));
    if (revision < 5) skipBecause(this, `this kernel has no sizes of buckets: its hash:ip has revision ${revision}`);
  });
  after(() => {
    client?.close();
    raw?.close();
  });
  beforeEach(restart);

  for (const [title, { op, bad, same, path }] of Object.entries(CASES)) {
    it(`are an EncodeError: ${title}`, async () => {
      const before = saved();
      const error = await failure(op, bad);
      expect(error, error.message).to.include({ code: 'EENCODE', path });
      expect(saved(), 'nothing was sent').to.equal(before);
      // The kernel accepts the request, with the effect of the other one.
      await lastValueFrom(raw.do(op as 'flush', bad, { exclusive: true }));
      const effect = saved();
      restart();
      await lastValueFrom(client.do(op as 'flush', same, { exclusive: true }));
      expect(saved()).to.equal(effect).and.not.equal(before);
    });
  }

  it('are an EncodeError: an option of another type', async () => {
    const options: Readonly<Record<string, object>> = {
      'hash:net': { netmask: 24 },
      'hash:mac': { markmask: 1 },
      'bitmap:port': { hashsize: 64 },
      'bitmap:ip,mac': { netmask: 24 },
      'list:set': { maxelem: 9 },
      'hash:ip': { size: 9 },
    };
    for (const [typename, data] of Object.entries(options)) {
      expect((await failure('create', { setname: 'new', typename, revision: 0, data })).message).to.match(
        new RegExp(`\\.data\\.${Object.keys(data)[0]!}: `),
      );
    }
    expect((await failure('create', { setname: 'new', typename: 'hash:nets', revision: 0, data: {} })).message).to.include(
      "'hash:nets' is unknown",
    );
  });

  it('are an EncodeError: attributes of another operation', async () => {
    const others: readonly (readonly ['test' | 'flush' | 'add' | 'del', object])[] = [
      ['test', { setname: 'hosts', data: { ip, ipTo: { ipv4: '10.0.0.9' } } }],
      ['test', { setname: 'ports', data: { ip, port: 1, portTo: 2, proto: 6 } }],
      ['test', { setname: 'hosts', adt: { data: [{ ip }] } }],
      ['flush', { typename: 'hash:ip' }],
      ['add', { setname: 'hosts', typename: 'hash:ip', data: { ip } }],
      ['del', { setname: 'hosts', family: 2, data: { ip } }],
    ];
    for (const [op, request] of others) expect((await failure(op, request)).code, JSON.stringify(request)).to.equal('EENCODE');
  });

  it('are an EncodeError: timeouts of more than 32 bits, and others that are no seconds', async () => {
    const before = saved();
    for (const timeout of [2 ** 32, 2 ** 32 + 5, 2 ** 53, 2n ** 64n, -1, 1.5, NaN, Infinity, '7']) {
      for (const [op, request] of [
        ['add', { setname: 'hosts', data: { ip, timeout } }],
        ['add', { setname: 'hosts', adt: { data: [{ ip }, { ip, timeout }] } }],
        ['create', { setname: 'new', typename: 'hash:ip', family: 2, revision: 0, data: { timeout } }],
      ] as const) {
        expect((await failure(op, request)).code, String(timeout)).to.equal('EENCODE');
      }
    }
    expect(saved()).to.equal(before);
  });

  it('are an EncodeError: names and texts that are too long, and a protocol that the kernel lacks', async () => {
    const codes = await Promise.all([
      failure('flush', { setname: 'a'.repeat(32) }),
      failure('add', { setname: 'hosts', data: { ip, comment: 'a'.repeat(256) } }),
      failure('add', { setname: 'list', data: { name: 'a'.repeat(32) } }),
      failure('flush', { setname: 'hosts', protocol: 8 }),
    ]);
    expect(codes.map(({ path }) => path)).to.deep.equal(['.setname', '.data.comment', '.data.name', '.protocol']);
  });
});
