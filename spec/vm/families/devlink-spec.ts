import { expect } from 'chai';
import { firstValueFrom, filter } from 'rxjs';
import { omitUndefined } from '../../../lib/check/index.js';

import { devlink, type DevlinkAttributes, type DlResourceAttributes } from '../../../lib/families/devlink.js';
import * as rows from '../../families/compare/devlink-rows.js';
import { peek, poke, simulated } from '../simulated.js';
import { json, last, run } from '../support.js';

const NUMBER = 10;
const DEVICE = `netdevsim/netdevsim${NUMBER}`;
const HANDLE = { busName: 'netdevsim', devName: `netdevsim${NUMBER}` } as const;
const SYSFS = `/sys/bus/netdevsim/devices/netdevsim${NUMBER}`;
const DEBUG = `/sys/kernel/debug/netdevsim/netdevsim${NUMBER}`;

type Shown = Readonly<Record<string, unknown>>;

/** Returns the output of devlink below a key, for the device or one of its objects. */
function shown<T = Shown[]>(key: string, words: string, object = DEVICE): T {
  return json<Record<string, Record<string, T>>>(`devlink -j ${words}`)[key]![object]!;
}

/** Returns the decoded rows of the device as devlink prints them. */
function printed(found: readonly DevlinkAttributes[], row: (one: DevlinkAttributes) => rows.ShownObject): unknown[] {
  return [...(rows.listed(found.map(row))[DEVICE] ?? [])];
}

describe('devlink on the wide kernel with a simulated device', () => {
  before(function () {
    simulated(this, 'netdevsim');
    poke('/sys/bus/netdevsim/new_device', `${NUMBER} 2`);
  });
  after(() => poke('/sys/bus/netdevsim/del_device', NUMBER));

  it('reads the device and its versions', async () => {
    using client = devlink();
    expect(await last(client.list('get'))).to.have.length(1);
    expect(rows.infoRow(await last(client.do('info-get', HANDLE)))[1]).to.deep.equal(shown('info', 'dev info'));
  });

  it('reads the number of reloads', async () => {
    using client = devlink();
    run(`devlink dev reload ${DEVICE}`);
    const { devStats } = await last(client.do('get', HANDLE));
    const counts = devStats!.reloadStats!.reloadActionInfo!.map(({ reloadAction, reloadActionStats }) => [
      String(reloadAction).replace('-', '_'),
      reloadActionStats!.flatMap(({ reloadStatsEntry }) => reloadStatsEntry!.map(({ reloadStatsValue }) => reloadStatsValue)),
    ]);
    const { stats } = shown<{ stats: { reload: Record<string, Record<string, number>> } }>('dev', `dev show ${DEVICE} -s`);
    expect(counts).to.deep.equal(Object.entries(stats.reload).map(([action, limits]) => [action, Object.values(limits)]));
    expect(counts).to.deep.equal([['driver_reinit', [1]]]);
  });

  it('reads parameters of several types, and writes them', async () => {
    using client = devlink();
    await last(
      client.do('param-set', { ...HANDLE, paramName: 'max_macs', paramType: 'u32', paramValueData: 47, paramValueCmode: 'driverinit' }),
    );
    const read = async (): Promise<unknown[]> => printed(await last(client.list('param-get')), rows.parameterRow);
    expect(await read()).to.deep.equal(shown('param', 'dev param show'));
    expect(await read()).to.deep.include({ name: 'max_macs', type: 'generic', values: [{ cmode: 'driverinit', value: 47 }] });
    for (const value of [undefined, true] as const) {
      await last(
        client.do('param-set', {
          ...HANDLE,
          paramName: 'test1',
          paramType: 'flag',
          paramValueCmode: 'driverinit',
          ...omitUndefined({ paramValueData: value }),
        }),
      );
      const after = await read();
      expect(after).to.deep.equal(shown('param', 'dev param show'));
      expect(after).to.deep.include({
        name: 'test1',
        type: 'driver-specific',
        values: [{ cmode: 'driverinit', value: value ?? false }],
      });
    }
  });

  it('reads nested resources, and changes the size of one', async () => {
    using client = devlink();
    const read = async (): Promise<DlResourceAttributes[]> => [...(await last(client.do('resource-dump', HANDLE))).resourceList!.resource!];
    expect(rows.resourceRows(await read())).to.deep.equal(shown('resources', `resource show ${DEVICE}`));
    const fib = (await read())[0]!.resourceList!.resource![0]!;
    await last(client.do('resource-set', { ...HANDLE, resourceId: fib.resourceId!, resourceSize: 1000n }));
    const resized = await read();
    expect(rows.resourceRows(resized)).to.deep.equal(shown('resources', `resource show ${DEVICE}`));
    expect(resized[0]!.resourceList!.resource![0]).to.include({ resourceName: 'fib', resourceSizeNew: 1000n });
    expect(resized[0]!.resourceSizeValid).to.equal(1);
  });

  it('reads health reporters, and recovers one', async () => {
    using client = devlink();
    poke(`${DEBUG}/health/break_health`, 'broken');
    const found = await last(client.list('health-reporter-get'));
    const reporters = shown('health', 'health show');
    const undated = reporters.map(({ last_dump_date: _date, last_dump_time: _time, ...reporter }) => reporter);
    expect(printed(found, rows.reporterRow)).to.deep.equal(undated);
    expect(found.map(({ healthReporter }) => healthReporter!.healthReporterDumpTsNs !== undefined)).to.deep.equal(
      reporters.map((reporter) => 'last_dump_date' in reporter),
    );
    expect(reporters.find(({ reporter }) => reporter === 'dummy')).to.include({ error: 1 });

    await last(
      client.do('health-reporter-set', {
        ...HANDLE,
        healthReporterName: 'dummy',
        healthReporterGracefulPeriod: 1234n,
        healthReporterAutoRecover: 0,
      }),
    );
    const changed = shown('health', 'health show').find(({ reporter }) => reporter === 'dummy');
    expect(changed).to.include({ grace_period: 1234, auto_recover: false });
    poke(`${DEBUG}/health/break_health`, 'again');
    await last(client.do('health-reporter-recover', { ...HANDLE, healthReporterName: 'dummy' }));
    expect(shown('health', 'health show').find(({ reporter }) => reporter === 'dummy')).to.include({ state: 'healthy', recover: 2 });
  });

  it('reads traps, their groups and policers, and changes them', async () => {
    using client = devlink();
    await last(client.do('trap-set', { ...HANDLE, trapName: 'blackhole_route', trapAction: 'trap' }));
    await last(client.do('trap-policer-set', { ...HANDLE, trapPolicerId: 2, trapPolicerRate: 2500n, trapPolicerBurst: 64n }));
    await last(client.do('trap-group-set', { ...HANDLE, trapGroupName: 'l3_drops', trapPolicerId: 2 }));
    const traps = await last(client.list('trap-get'));
    expect(printed(traps, rows.trapRow)).to.deep.equal(shown('trap', 'trap show'));
    expect(traps.find(({ trapName }) => trapName === 'blackhole_route')!.trapAction).to.equal('trap');
    const cookies = shown<{ name: string; metadata?: string[] }[]>('trap', '-v trap show').filter(({ metadata }) =>
      metadata?.includes('flow_action_cookie'),
    );
    expect(
      traps.filter(({ trapMetadata }) => trapMetadata?.trapMetadataTypeFaCookie === true).map(({ trapName }) => trapName),
    ).to.deep.equal(cookies.map(({ name }) => name));
    expect(printed(await last(client.list('trap-group-get')), rows.trapGroupRow)).to.deep.equal(shown('trap_group', 'trap group show'));
    const policers = await last(client.list('trap-policer-get'));
    expect(printed(policers, rows.trapPolicerRow)).to.deep.equal(shown('trap_policer', 'trap policer show'));
    expect(policers[1]).to.include({ trapPolicerRate: 2500n, trapPolicerBurst: 64n });
  });

  it('reads a region of 32 KiB in many messages, and its snapshots', async () => {
    using client = devlink();
    for (const id of [5, 9]) await last(client.do('region-new', { ...HANDLE, regionName: 'dummy', regionSnapshotId: id }));
    const region = await last(client.do('region-get', { ...HANDLE, regionName: 'dummy' }));
    expect(rows.regionRow(region)[1]).to.deep.equal(shown('regions', 'region show', `${DEVICE}/dummy`));
    expect(region.regionSnapshots!.regionSnapshot).to.have.length(2);
    const [read, ...more] = await last(client.list('region-read', { ...HANDLE, regionName: 'dummy', regionSnapshotId: 9 }));
    expect(more).to.deep.equal([]);
    const chunks = read!.regionChunks!.regionChunk!;
    expect(chunks.map(({ regionChunkAddr }) => Number(regionChunkAddr))).to.deep.equal(chunks.map((_, index) => 256 * index));
    const text = run(`devlink region dump ${DEVICE}/dummy snapshot 9`);
    const bytes = Buffer.from(text.replaceAll(/^[0-9a-f]{16}/gm, '').replaceAll(/\s/g, ''), 'hex');
    expect(bytes).to.have.length(32_768);
    expect(Buffer.concat(chunks.map(({ regionChunkData }) => regionChunkData!)).equals(bytes)).to.equal(true);
    await last(client.do('region-del', { ...HANDLE, regionName: 'dummy', regionSnapshotId: 5 }));
    expect(shown('regions', 'region show', `${DEVICE}/dummy`)).to.deep.include({ snapshot: [9] });
  });

  it('reads ports, and receives the notification of a new one', async () => {
    using client = devlink();
    const received = firstValueFrom(
      client.notifications('config').pipe(filter(({ value }) => 'portIndex' in value && value.portIndex === 6)),
    );
    poke(`${SYSFS}/new_port`, 6);
    const { op, value } = await received;
    expect(op).to.equal('port-new-ntf');
    expect(value).to.include(HANDLE);
    expect(Object.fromEntries((await last(client.list('port-get'))).map(rows.portRow))).to.deep.equal(
      json<{ port: unknown }>('devlink -j port show').port,
    );
    expect(rows.portRow(await last(client.do('port-get', { ...HANDLE, portIndex: 6 })))[1]).to.include({ port: 7, flavour: 'physical' });
  });

  it('switches the mode, reads the ports of virtual functions, and sets their rates', async () => {
    using client = devlink();
    poke(`${SYSFS}/sriov_numvfs`, 2);
    await last(client.do('eswitch-set', { ...HANDLE, eswitchMode: 'switchdev' }));
    const eswitch = rows.eswitchRow(await last(client.do('eswitch-get', HANDLE)))[1];
    expect(eswitch).to.deep.equal(shown('dev', `dev eswitch show ${DEVICE}`));
    expect(eswitch).to.include({ mode: 'switchdev' });
    const ports = Object.fromEntries((await last(client.list('port-get'))).map(rows.portRow));
    expect(ports).to.deep.equal(json<{ port: unknown }>('devlink -j port show').port);
    expect(ports[`${DEVICE}/129`]).to.include({ flavour: 'pcivf', vfnum: 1 });

    await last(client.do('rate-new', { ...HANDLE, rateNodeName: 'group', rateTxMax: 3_000_000n }));
    await last(
      client.do('rate-set', { ...HANDLE, portIndex: 128, rateTxShare: 250_000n, rateTxMax: 1_250_000n, rateParentNodeName: 'group' }),
    );
    const rates = Object.fromEntries((await last(client.list('rate-get'))).map(rows.rateRow));
    expect(rates).to.deep.equal(json<{ rate: unknown }>('devlink -j port function rate show').rate);
    expect(rates[`${DEVICE}/128`]).to.deep.equal({ type: 'leaf', tx_share: 250_000, tx_max: 1_250_000, parent: 'group' });
    expect(peek(`${DEBUG}/rate_nodes/group/tx_max`)).to.equal('24');
  });
});
