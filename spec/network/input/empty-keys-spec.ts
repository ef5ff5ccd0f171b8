import { expect } from 'chai';
import { firstValueFrom, type Observable } from 'rxjs';
import { isNetworkError, network, parseDocument } from '../../../lib/network/index.js';
import { fakeNetwork } from '../../../lib/testing/index.js';

type Verb = 'get' | 'find' | 'change' | 'delete' | 'ensureAbsent';
type Verbs = Readonly<Record<Verb, (key: object, part?: object) => Observable<unknown>>> & {
  readonly deleteMany: (keys: readonly object[]) => Observable<{ readonly failed: readonly { readonly error: unknown }[] }>;
};

const VERBS: readonly Verb[] = ['get', 'find', 'change', 'delete', 'ensureAbsent'];

const ANY = 'expected at least one property of the rule; an empty key fits all of them';

/** The keys without a property that identifies an object, and the error of each. */
const KEYS = [
  ['links', {}, 'expected a name or { index }'],
  ['links', { mtu: 1500 }, 'expected a name or { index }'],
  ['links', { index: undefined }, 'index: undefined is not a value'],
  ['addresses', {}, 'address: is required'],
  ['addresses', { link: 'lo' }, 'address: is required'],
  ['addresses', { linkIndex: 1, family: 4 }, 'address: is required'],
  ['addresses', { address: undefined }, 'address: undefined is not a value'],
  ['neighbours', {}, 'address: is required'],
  ['neighbours', { link: 'lo', proxy: false }, 'address: is required'],
  ['neighbours', { address: undefined }, 'address: undefined is not a value'],
  ['fdb', {}, 'mac: is required'],
  ['fdb', { link: 'lo', vlan: 1 }, 'mac: is required'],
  ['routes', {}, 'to: is required'],
  ['nexthops', {}, 'id: is required'],
  ['rules', {}, ANY],
  ['rules', { from: null, mark: null }, ANY],
  ['rules', { detached: true }, ANY],
  ['rules', { priority: undefined }, 'priority: undefined is not a value'],
  ['qdiscs', {}, 'link: is required'],
  ['qdiscs', { parent: 'root' }, 'link: is required'],
  ['classes', {}, 'link: is required'],
  ['classes', { link: 'lo' }, 'handle: is required'],
  ['filters', {}, 'link: is required'],
  ['filters', { link: 'lo' }, 'parent: is required'],
  ['wireguard', {}, 'publicKey: is required'],
  ['wireguard', { link: 'lo' }, 'publicKey: is required'],
] as const;

describe('a key that names no object', () => {
  const fake = fakeNetwork();
  const net = network(fake.options);
  after(() => net.close());

  for (const [table, key, message] of KEYS) {
    const verbs = net[table] as unknown as Verbs;
    for (const verb of VERBS)
      it(`is rejected before a request: ${table}.${verb}(${shown(key)})`, async () => {
        const before = fake.requests.length;
        const error: unknown = await firstValueFrom(verbs[verb](key, {})).catch((reason: unknown) => reason);
        if (!isNetworkError(error, 'invalid')) throw new Error(`not rejected: ${String(error)}`);
        expect(error.message).to.include(message);
        expect(fake.requests.length).to.equal(before);
      });
    it(`fails alone: ${table}.deleteMany([${shown(key)}])`, async () => {
      const { failed } = await firstValueFrom(verbs.deleteMany([key]));
      expect(failed.map(({ error }) => String(error))).to.have.length(1);
      expect(String(failed[0]!.error)).to.include(message);
    });
  }

  it('deletes no address, although there is only one', async () => {
    await firstValueFrom(net.links.add({ name: 'v0', kind: 'dummy' }));
    await firstValueFrom(net.addresses.add({ link: 'v0', address: '10.0.0.1/24' }));
    const error: unknown = await firstValueFrom(net.addresses.delete({ link: 'v0' } as never)).catch((reason: unknown) => reason);
    expect(String(error)).to.include('cannot delete address on v0: address: is required');
    const [address, ...others] = (await firstValueFrom(net.addresses.list())).filter(({ link }) => link === 'v0');
    expect([address?.address, others.length]).to.deep.equal(['10.0.0.1/24', 0]);
    // An object of the table is a key.
    expect(await firstValueFrom(net.addresses.ensureAbsent(address!))).to.equal(true);
  });

  it('is rejected in a document', () => {
    const parse = (): unknown => parseDocument({ version: 1, owns: { protocol: 77 }, rules: [{ absent: true }] });
    expect(parse).to.throw(`rules[0]: ${ANY}`);
  });
});

function shown(key: object): string {
  const properties = Object.entries(key).map(([name, value]) => `${name}: ${JSON.stringify(value) ?? 'undefined'}`);
  return properties.length === 0 ? '{}' : `{ ${properties.join(', ')} }`;
}
