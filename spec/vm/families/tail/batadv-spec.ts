import { expect } from 'chai';
import { filter, firstValueFrom } from 'rxjs';
import { batadv, type BatadvFamily } from '../../../../lib/families/batadv.js';
import type { FamilyClient } from '../../../../lib/index.js';
import { requirePrograms } from '../../../support/programs.js';
import { until } from '../../../support/sockets.js';
import { json, last, modules, run } from '../../support.js';

type Shown = Readonly<Record<string, unknown>>;
const PEER = 'vm-mesh';

/** Returns the property of a column. */
const propertyOf = (column: string): string => column.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Returns a value as batctl prints it: booleans, VLANs without their bit, flags as an object with the number. */
function printed(shown: unknown, name: string, value: unknown): unknown {
  if (typeof shown === 'boolean') return value === true || value === 1;
  if (typeof shown === 'object' && shown !== null) return { ...shown, raw: value ?? 0 };
  if (name.endsWith('_vid')) return value === 0 ? -1 : Number(value) & 0xfff;
  return value;
}

/** Compares every field that batctl prints. */
function compare(shown: Shown, row: object): void {
  const values = row as Readonly<Record<string, unknown>>;
  expect(Object.keys(shown).length).to.be.above(1);
  for (const [name, text] of Object.entries(shown)) {
    if (name === 'last_seen_msecs') continue;
    const property = name === 'best' ? 'flagBest' : propertyOf(name);
    expect(printed(text, name, values[property]), name).to.deep.equal(text);
  }
}

/** Compares up to five times: the nodes announce new tables between the readings of the tool and of the client. */
async function repeated(comparison: () => Promise<void>): Promise<void> {
  for (let tries = 1; tries < 5; tries++) {
    try {
      return await comparison();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  await comparison();
}

describe('batadv on the wide kernel', function () {
  this.timeout(60_000);
  let client: FamilyClient<BatadvFamily>;
  const ifindex: Record<string, number> = {};

  before(() => {
    requirePrograms('batctl');
    modules('batman-adv', 'veth', '8021q');
    run(`ip netns add ${PEER}`);
    run(`ip link add vmv0 type veth peer vmv1 netns ${PEER}`);
    run('ip link add vmb0 type batadv');
    run(`ip -n ${PEER} link add vmb0 type batadv`);
    run('ip link set vmv0 up master vmb0');
    run(`ip -n ${PEER} link set vmv1 up master vmb0`);
    run('ip link set vmb0 up');
    run(`ip -n ${PEER} link set vmb0 up`);
    run(`ip netns exec ${PEER} batctl meshif vmb0 gw_mode server 20mbit/5mbit`);
    run('batctl meshif vmb0 gw_mode client');
    for (const { ifname, ifindex: index } of json<{ ifname: string; ifindex: number }[]>('ip -j link')) ifindex[ifname] = index;
    client = batadv();
  });
  after(() => {
    client?.close();
    run('ip link del vmb0');
    run(`ip netns del ${PEER}`);
  });

  it('reads the mesh and its interfaces as batctl does', async () => {
    await repeated(async () => {
      compare(json<Shown>('batctl meshif vmb0 mesh_json'), await last(client.do('get-mesh', { meshIfindex: ifindex['vmb0']! })));
    });
    const shown = json<Shown[]>('batctl meshif vmb0 hardifs_json');
    const rows = await last(client.list('get-hardif', { meshIfindex: ifindex['vmb0']! }));
    expect(rows.length).to.equal(1);
    compare(shown[0]!, rows[0]!);
    const algorithms = (await last(client.list('get-routing-algos'))).map(({ algoName }) => algoName);
    expect(algorithms).to.have.members(['BATMAN_IV', 'BATMAN_V']);
  });

  /** The command of batctl for a table, and the columns that name one row: a station has a row for each VLAN. */
  const TABLES = {
    'get-transtable-local': ['transtable_local_json', ['tt_address', 'tt_vid']],
    'get-transtable-global': ['transtable_global_json', ['tt_address', 'tt_vid', 'orig_address']],
    'get-originators': ['originators_json', ['orig_address']],
    'get-neighbors': ['neighbors_json', ['neigh_address']],
    'get-gateways': ['gateways_json', ['orig_address']],
    'get-mcast-flags': ['mcast_flags_json', ['orig_address']],
  } as const;
  for (const [operation, [command, keys]] of Object.entries(TABLES)) {
    it(`lists ${operation} as batctl does`, async () => {
      const meshIfindex = ifindex['vmb0']!;
      const list = (): Shown[] => json<Shown[]>(`batctl meshif vmb0 ${command}`).filter((row) => row[keys[0]] !== undefined);
      await until(`rows of ${command}`, () => list().length > 0, 40_000);
      const compareAll = async (): Promise<void> => {
        const rows = (await last(client.list(operation as 'get-originators', { meshIfindex }))) as unknown as Shown[];
        for (const shown of list()) {
          const row = rows.find((one) => keys.every((key) => printed(shown[key], key, one[propertyOf(key)]) === shown[key]));
          expect(row, JSON.stringify(shown)).to.not.equal(undefined);
          if (operation !== 'get-originators' && operation !== 'get-gateways') compare(shown, row!);
          else compare({ ...shown, tq: row!['tq'] }, row!);
        }
      };
      await repeated(compareAll);
    });
  }

  it('changes settings, which batctl and an event show', async () => {
    const event = firstValueFrom(client.notifications('config').pipe(filter(({ op }) => op === 'set-mesh-ntf')));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await last(client.do('set-mesh', { meshIfindex: ifindex['vmb0']!, hopPenalty: 77, origInterval: 2500, bondingEnabled: 1 }));
    expect(json<Shown>('batctl meshif vmb0 mesh_json')).to.include({ hop_penalty: 77, orig_interval: 2500, bonding_enabled: true });
    expect((await event).value).to.include({ hopPenalty: 77, origInterval: 2500, bondingEnabled: 1, meshIfname: 'vmb0' });
    await last(client.do('set-hardif', { meshIfindex: ifindex['vmb0']!, hardIfindex: ifindex['vmv0']!, hopPenalty: 5 }));
    expect(run('batctl hardif vmv0 hop_penalty').trim()).to.equal('5');
  });

  it('reads and changes a VLAN', async () => {
    run('ip link add link vmb0 name vmb0.9 type vlan id 9');
    const vlan = { meshIfindex: ifindex['vmb0']!, vlanid: 9 };
    await last(client.do('set-vlan', { ...vlan, apIsolationEnabled: 1 }));
    expect(run('batctl meshif vmb0 vid 9 ap_isolation').trim()).to.equal('enabled');
    expect(await last(client.do('get-vlan', vlan))).to.include({ vlanid: 9, apIsolationEnabled: 1, meshIfname: 'vmb0' });
  });

  it('measures the throughput to a node', async () => {
    const [node] = await last(client.list('get-originators', { meshIfindex: ifindex['vmb0']! }));
    const result = firstValueFrom(client.notifications('tpmeter'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const request = { meshIfindex: ifindex['vmb0']!, origAddress: node!.origAddress!, tpmeterTestTime: 1000 };
    const { tpmeterCookie } = await last(client.do('tp-meter', request));
    const { value } = await result;
    expect(value).to.include({ tpmeterCookie, tpmeterResult: 'complete', origAddress: node!.origAddress });
    expect(value.tpmeterBytes! > 0n).to.equal(true);
    expect(value.tpmeterTestTime).to.be.within(900, 20_000);
  });
});
