import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { parseConfig, readConfig } from '../../../examples/failover/config.js';

const folder = resolve(import.meta.dirname, '../../../examples/failover');
const file = join(folder, 'failover.json');
const given = (): Record<string, unknown> => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
const uplinks = (): Record<string, unknown>[] => given()['uplinks'] as Record<string, unknown>[];

describe('the configuration of examples/failover', () => {
  it('accepts the example, and has the defaults that the documentation lists', () => {
    expect(readConfig(file).uplinks.map(({ name }) => name)).to.deep.equal(['fibre', 'lte']);
    const { uplinks: _, targets: __, ...rest } = parseConfig({ uplinks: given()['uplinks'], targets: given()['targets'] });
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    const listed = [...readme.matchAll(/^\| `(\w+)` +\| (\d+) /gm)].map(([, name, value]) => [name, Number(value)]);
    expect(Object.fromEntries(listed)).to.deep.equal(rest);
  });
  it('takes the name of the link as that of an uplink without a name', () => {
    const [first, second] = uplinks();
    expect(parseConfig({ ...given(), uplinks: [{ ...first, name: undefined }, second] }).uplinks[0]!.name).to.equal(first!['link']);
  });

  const wrong: readonly (readonly [string, () => unknown])[] = [
    ['the configuration: expected an object', () => []],
    ['uplinks: expected a list of at least 2', () => ({ ...given(), uplinks: uplinks().slice(1) })],
    ['targets: expected a list of at least 1', () => ({ ...given(), targets: [] })],
    ['uplinks[1].via: "x" is not an IP address', () => ({ ...given(), uplinks: [uplinks()[0], { ...uplinks()[1], via: 'x' }] })],
    ['uplinks[0].table: 254 is a table of the system', () => ({ ...given(), uplinks: [{ ...uplinks()[0], table: 254 }, uplinks()[1]] })],
    [
      'uplinks: two of them have the same source',
      () => ({ ...given(), uplinks: [uplinks()[0], { ...uplinks()[1], source: uplinks()[0]!['source'] }] }),
    ],
    ['targets[0].port: 0 is not an integer from 1 to 65535', () => ({ ...given(), targets: [{ address: '192.0.2.9', port: 0 }] })],
    ['some addresses are IPv4 and some IPv6', () => ({ ...given(), targets: [{ address: '2001:db8::1', port: 53 }] })],
    ['hold: -1 is not an integer from 0', () => ({ ...given(), hold: -1 })],
    ['protocol: 4 is not an integer from 64 to 255', () => ({ ...given(), protocol: 4 })],
    ['holds: unknown property', () => ({ ...given(), holds: 1 })],
  ];
  for (const [message, value] of wrong) {
    it(`rejects a wrong one: ${message}`, () => {
      expect(() => parseConfig(value())).to.throw(message);
    });
  }
  it('names the file in errors', () => {
    expect(() => readConfig('/nonexistent/failover.json')).to.throw(/^\/nonexistent\/failover\.json: ENOENT/);
  });
});
