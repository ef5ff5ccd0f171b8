import { expect } from 'chai';
import { isNetworkError, network, parseDocument, type NetworkError } from '../../../lib/network/index.js';
import { onSend } from '../../kernel/network/support.js';
import { fakeNetwork } from '../../../lib/testing/index.js';
import { firstValueFrom } from 'rxjs';

/** A document with every list, as it may come from JSON. */
const WHOLE = {
  $schema: './node_modules/rxnetlink/schemas/network-document.json',
  version: 1,
  links: [
    {
      name: 'v0',
      match: {
        mac: '02:00:00:00:00:01',
        permanentMac: '02:00:00:00:00:02',
        altname: 'lan',
        bus: 'pci',
        device: '0000:03:00.0',
        kind: 'veth',
      },
      kind: 'veth',
      veth: { peer: { name: 'v1', netns: 'blue', mac: '02:00:00:00:00:03', mtu: 1400, up: true } },
      up: true,
      mtu: 1400,
      mac: '02:00:00:00:00:04',
      alias: 'an alias',
      altnames: ['another-name'],
      master: 'br0',
      bridgePort: { cost: 7 },
      vlans: [{ id: 10, pvid: true }],
      ipv4: { forwarding: true },
      addresses: ['10.1.0.1/24', { address: '10.1.0.2', peer: '10.1.0.3/32', label: 'v0:x', valid: '1h' }],
      neighbours: [{ address: '10.1.0.9', mac: '02:00:00:00:00:05', state: 'permanent' }],
      fdb: [{ mac: '02:00:00:00:00:06', vlan: 10, state: 'static' }],
      qdisc: { kind: 'htb', handle: '1:', htb: { defaultClass: '1:1' }, classes: [{ handle: '1:1', kind: 'htb', htb: { rate: '1mbit' } }] },
    },
    { name: 'br0', kind: 'bridge', bridge: { ageing: '60s', priority: 4096 } },
    { name: 'blue0', kind: 'vrf', vrf: { table: 77 } },
    { name: 'm0', kind: 'macvlan', parent: 'br0', netns: 'blue' },
    { name: 'x0', absent: true },
  ],
  routes: [
    { to: 'default', via: '10.1.0.9', metric: 5, source: '10.1.0.1', mtu: 1300, takeOver: true },
    { to: '10.9.0.0/16', table: 'blue0', hops: [{ via: '10.1.0.8', weight: 2 }, { link: 'br0' }] },
    { to: 'fd09::/64', via: 'fd01::9', family: 6, pref: 'low', expires: '1h' },
    { to: '10.7.0.0/16', type: 'blackhole' },
    { to: '10.8.0.0/16', metric: 7, absent: true },
  ],
  rules: [
    { priority: 100, from: '10.0.0.0/8', mark: 5, mask: 255, table: 'blue0', uids: [1, 2] },
    { priority: 101, absent: true },
  ],
  nexthops: [
    { id: 7, via: '10.1.0.7', link: 'br0' },
    { id: 8, group: [{ id: 7, weight: 2 }] },
    { id: 9, absent: true },
  ],
  namespaces: {
    blue: { version: 1, links: [{ name: 'v1', mtu: 1400, addresses: ['10.1.0.9/24'] }] },
    red: null,
  },
  owns: { protocol: 99, tables: ['main', 'blue0', 5], links: { group: 42 } },
};

/** Returns the error of a value that is not a document. */
function errorOf(value: unknown): NetworkError {
  try {
    parseDocument(value);
  } catch (error) {
    if (isNetworkError(error)) return error;
    throw error;
  }
  throw new Error('the document was accepted');
}

/** Returns the places of a value: those of all objects, lists and leaves, with their paths. */
function placesOf(value: unknown, path = ''): readonly (readonly [path: string, keys: readonly (string | number)[]])[] {
  const visit = (each: unknown, place: string, keys: readonly (string | number)[]): (readonly [string, readonly (string | number)[]])[] => {
    if (typeof each !== 'object' || each === null) return [[place, keys]];
    const inside = Array.isArray(each)
      ? each.flatMap((inner, index) => visit(inner, `${place}[${index}]`, [...keys, index]))
      : Object.entries(each).flatMap(([name, inner]) => visit(inner, place === '' ? name : `${place}.${name}`, [...keys, name]));
    return [[place, keys], ...inside];
  };
  return visit(value, path, []);
}

/** Returns a copy of a value with another one at one place. */
function changed(value: unknown, keys: readonly (string | number)[], change: (found: unknown) => unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return change(value);
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string | number, unknown>;
  copy[key] = changed(copy[key], rest, change);
  return copy;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

describe('parseDocument', () => {
  it('returns the document', () => {
    expect(parseDocument(WHOLE)).to.equal(WHOLE);
    expect(parseDocument({ version: 1 })).to.deep.equal({ version: 1 });
  });

  describe('names the path of', () => {
    for (const [path, keys] of placesOf(WHOLE)) {
      const valueAt = keys.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], WHOLE);
      it(`a value of another type: ${path || 'the document'}`, () => {
        const error = errorOf(changed(WHOLE, keys, () => [[]]));
        // A list in a list is an element that is not valid.
        if (Array.isArray(valueAt)) expect(error.path?.startsWith(path)).to.equal(true);
        else expect(error.path ?? '').to.equal(path);
      });
      if (keys.length > 0)
        it(`undefined: ${path}`, () => {
          expect(errorOf(changed(WHOLE, keys, () => undefined)).path).to.equal(path);
        });
      if (isObject(valueAt) && path !== 'namespaces')
        it(`an unknown property: ${path || 'the document'}`, () => {
          const error = errorOf(changed(WHOLE, keys, (found) => ({ ...(found as object), nonsense: 1 })));
          expect(error.path).to.equal(path === '' ? 'nonsense' : `${path}.nonsense`);
        });
    }
  });

  it('rejects what only the kernel sets, and accepts objects that were read', () => {
    const link = { name: 'v0', mtu: 1400 };
    const address = { address: '10.1.0.1/24' };
    const entry = { mac: '02:00:00:00:00:09' };
    const route = { to: '10.9.0.0/16', via: '10.1.0.9' };
    const written: readonly (readonly [path: string, document: object])[] = [
      ['links[0].carrier', { links: [{ ...link, carrier: true }] }],
      ['links[0].addresses[0].tentative', { links: [{ ...link, addresses: [{ ...address, tentative: false }] }] }],
      ['links[0].fdb[0].offloaded', { links: [{ ...link, fdb: [{ ...entry, offloaded: true }] }] }],
      ['routes[0].dead', { routes: [{ ...route, dead: true }] }],
    ];
    for (const [path, document] of written) {
      const error = errorOf({ version: 1, ...document });
      expect([error.path, error.message]).to.deep.equal([
        path,
        `cannot parse document: ${path}: only the kernel sets it; omit the property`,
      ]);
    }
    const state = errorOf({ version: 1, links: [{ ...link, state: 'up' }] });
    expect(state.message).to.equal('cannot parse document: links[0].state: only the kernel sets it; write up: true, or up: false');
    const peer = errorOf({ version: 1, links: [{ name: 'v0', kind: 'veth', peer: { name: 'v1' } }] });
    expect(peer.message).to.equal('cannot parse document: links[0].peer: only the kernel sets it; did you mean veth.peer?');
    const ports = errorOf({ version: 1, links: [{ name: 'br0', kind: 'bridge', ports: ['v0'] }] });
    expect(ports.message).to.equal('cannot parse document: links[0].ports: unknown property; did you mean the master of each port?');
    parseDocument({
      version: 1,
      links: [
        {
          ...link,
          index: 7,
          state: 'up',
          addresses: [{ ...address, family: 4, linkIndex: 7, tentative: false }],
          neighbours: [{ address: '10.1.0.9', mac: '02:00:00:00:00:09', family: 4 }],
          fdb: [{ ...entry, linkIndex: 7, offloaded: true }],
        },
      ],
      routes: [
        { ...route, linkIndex: 7, dead: true },
        { to: '10.8.0.0/16', hops: [{ via: '10.1.0.9', dead: true }], offloaded: true },
      ],
      rules: [{ priority: 5, family: 4, table: 'main', detached: true }],
    });
  });

  it('sends nothing before a document is right', async () => {
    const net = network(fakeNetwork().options);
    let sent = 0;
    const end = onSend(() => sent++);
    const error: unknown = await firstValueFrom(net.plan(changed(WHOLE, ['links', 0, 'mtu'], () => 'big') as never)).catch(
      (reason: unknown) => reason,
    );
    end();
    net.close();
    if (!isNetworkError(error, 'invalid')) throw error;
    expect([error.path, error.message, sent]).to.deep.equal([
      'links[0].mtu',
      "cannot plan document: links[0].mtu: expected an integer from 0 to 2147483647, not 'big'",
      0,
    ]);
  });
});
