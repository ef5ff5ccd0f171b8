import { readFileSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { thermal, type ThermalFamily } from '../../../lib/families/thermal.js';
import { FamilyNotFoundError, type FamilyClient, type KernelError } from '../../../lib/index.js';
import { skipBecause } from '../../support/namespace.js';

const FOLDER = '/sys/class/thermal';

/** Skips a test if sysfs has no objects of a kind; spec/fixtures/families/thermal has their messages. */
function needs(test: Mocha.Context, kind: 'thermal_zone' | 'cooling_device'): void {
  if (inSysfs(kind).length === 0) skipBecause(test, `${FOLDER} has no ${kind}`);
}

/** Returns the objects of a kind in sysfs, their number and their name. */
function inSysfs(kind: 'thermal_zone' | 'cooling_device'): [number, string][] {
  return readdirSync(FOLDER)
    .filter((name) => name.startsWith(kind))
    .map((name): [number, string] => [Number(name.slice(kind.length)), readFileSync(`${FOLDER}/${name}/type`, 'utf8').trim()])
    .sort(([one], [other]) => one - other);
}

describe('thermal', () => {
  let client: FamilyClient<ThermalFamily>;

  const pairs = (ids: readonly number[] = [], names: readonly string[] = []): [number, string][] =>
    ids.map((id, index): [number, string] => [id, names[index]!]).sort(([one], [other]) => one - other);

  before(async function () {
    client = thermal();
    const found = await lastValueFrom(client.list('tz-get-id')).catch((error: unknown) => error);
    if (found instanceof FamilyNotFoundError) skipBecause(this, 'the family is not in this network namespace', found);
  });
  after(() => {
    client?.close();
  });

  it('lists the zones of sysfs, although the kernel replies without a sequence number', async function () {
    const rows = await lastValueFrom(client.list('tz-get-id'));
    expect(rows).to.have.length(1);
    needs(this, 'thermal_zone');
    expect(pairs(rows[0]!.tz!.tzId, rows[0]!.tz!.tzName)).to.deep.equal(inSysfs('thermal_zone'));
  });

  it('lists the cooling devices of sysfs', async function () {
    const rows = await lastValueFrom(client.list('cdev-get'));
    expect(rows).to.have.length(1);
    needs(this, 'cooling_device');
    expect(pairs(rows[0]!.cdev!.cdevId, rows[0]!.cdev!.cdevName)).to.deep.equal(inSysfs('cooling_device'));
  });

  it('reads the temperature of each zone', async function () {
    needs(this, 'thermal_zone');
    for (const [tzId] of inSysfs('thermal_zone')) {
      const { tzTemp } = await lastValueFrom(client.do('tz-get-temp', { tzId }));
      expect(tzTemp! / 1000).to.be.closeTo(Number(readFileSync(`${FOLDER}/thermal_zone${String(tzId)}/temp`, 'utf8')) / 1000, 20);
    }
  });

  it('names the zone in errors', async () => {
    const error = (await lastValueFrom(client.do('tz-get-temp', { tzId: 4711 })).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.equal('EINVAL tz-get-temp: thermal zone 4711');
  });
});
