import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { filter, firstValueFrom } from 'rxjs';
import { rdma, type RdmaFamily } from '../../../../lib/families/rdma.js';
import type { FamilyClient, KernelError } from '../../../../lib/index.js';
import { requirePrograms } from '../../../support/programs.js';
import { until } from '../../../support/sockets.js';
import { json, last, modules, run } from '../../support.js';

const NAME = 'vmrxe0';

interface ShownDevice {
  readonly ifindex: number;
  readonly ifname: string;
  readonly node_guid: string;
  readonly sys_image_guid: string;
}
interface ShownLink {
  readonly ifindex: number;
  readonly port: number;
  readonly state: string;
  readonly physical_state: string;
  readonly netdev: string;
  readonly netdev_index: number;
}

/** Returns a GUID as rdma writes it. */
const guid = (value: bigint): string => value.toString(16).padStart(16, '0').match(/.{4}/g)!.join(':');

describe('rdma on the wide kernel', function () {
  this.timeout(60_000);
  let client: FamilyClient<RdmaFamily>;
  let devIndex: number;

  before(async () => {
    requirePrograms('rdma');
    modules('rdma_rxe', 'ib_uverbs', 'veth');
    run('ip link add vmrdma0 type veth peer name vmrdma1');
    for (const name of ['vmrdma0', 'vmrdma1']) run(`ip link set ${name} up`);
    client = rdma();
    const added = firstValueFrom(
      client.notifications('notify').pipe(filter(({ value }) => value.eventType === 'register' && value.devName === NAME)),
    );
    await until('the membership', () => client.socket.eventSibling.isOpen && client.socket.eventSibling.memberships().length === 1);
    await last(client.do('newlink', { devName: NAME, linkType: 'rxe', ndevName: 'vmrdma0' }));
    devIndex = (await added).value.devIndex!;
  });
  after(() => {
    client?.close();
    run('ip link del vmrdma0');
  });

  it('has created a device, which rdma lists with the same values', async () => {
    const shown = json<ShownDevice[]>('rdma -j dev show').find(({ ifname }) => ifname === NAME)!;
    const device = await last(client.do('get', { devIndex }));
    expect(device).to.deep.include({ devIndex: shown.ifindex, devName: NAME, portIndex: 1, devProtocol: 'roce' });
    expect([guid(device.nodeGuid!), guid(device.sysImageGuid!)]).to.deep.equal([shown.node_guid, shown.sys_image_guid]);
    const rows = await last(client.list('get'));
    expect(rows.find((row) => row.devName === NAME)).to.deep.equal(device);
  });

  it('reads the port', async () => {
    const shown = json<ShownLink[]>('rdma -j link show').find(({ ifindex }) => ifindex === devIndex)!;
    expect([shown.state, shown.physical_state]).to.deep.equal(['ACTIVE', 'LINK_UP']);
    const port = await last(client.do('port-get', { devIndex, portIndex: shown.port }));
    expect(port).to.deep.include({ portState: 4, portPhysState: 5, ndevName: shown.netdev, ndevIndex: shown.netdev_index });
    expect(await last(client.list('port-get', { devIndex }))).to.deep.equal([port]);
  });

  it('counts the objects, and lists those of the kernel', async () => {
    const counts = json<Record<string, number | string>[]>('rdma -j resource show').find(({ ifname }) => ifname === NAME)!;
    const { resSummary } = await last(client.do('res-get', { devIndex }));
    const read = Object.fromEntries(
      resSummary!.resSummaryEntry!.map((entry) => [entry.resSummaryEntryName!, Number(entry.resSummaryEntryCurr!)]),
    );
    const { ifindex, ifname, ...others } = counts;
    expect([ifindex, ifname]).to.deep.equal([devIndex, NAME]);
    expect(read).to.deep.equal(others);
    const shown = json<Record<string, number | string>[]>(`rdma -j resource show qp link ${NAME}/1`);
    const pairs = (await last(client.list('res-qp-get', { devIndex }))).flatMap(({ resQp }) => resQp?.resQpEntry ?? []);
    expect(pairs.map((pair) => pair.resLqpn)).to.deep.equal(shown.map(({ lqpn }) => lqpn));
    for (const [index, pair] of pairs.entries()) {
      expect(pair.resKernName).to.equal(String(shown[index]!['comm']).replaceAll(/[[\]]/g, ''));
    }
    const queues = (await last(client.list('res-cq-get', { devIndex }))).flatMap(({ resCq }) => resCq?.resCqEntry ?? []);
    expect(queues).to.have.length(Number(counts['cq']));
    for (const { resCqn, resCqe, resUsecnt } of queues) {
      expect(await last(client.do('res-cq-get', { devIndex, resCqn: resCqn! }))).to.deep.include({
        devName: NAME,
        resCqn,
        resCqe,
        resUsecnt,
      });
    }
  });

  it('reads the hardware counters of a port, as rdma and sysfs do', async () => {
    const { statHwcounters } = await last(client.do('stat-get', { devIndex, portIndex: 1 }));
    const counters = statHwcounters!.statHwcounterEntry!;
    const [shown] = json<Record<string, number | string>[]>(`rdma -j statistic show link ${NAME}/1`);
    const { ifname, port, ...values } = shown!;
    expect([ifname, port]).to.deep.equal([NAME, 1]);
    expect(counters.map((each) => each.statHwcounterEntryName)).to.have.members(Object.keys(values));
    const name = counters[0]!.statHwcounterEntryName!;
    expect(readFileSync(`/sys/class/infiniband/${NAME}/ports/1/hw_counters/${name}`, 'utf8').trim()).to.equal(
      String(counters[0]!.statHwcounterEntryValue),
    );
  });

  it('reads the settings of the system, and the device file of verbs', async () => {
    const system = await last(client.do('sys-get'));
    expect(run('rdma system show')).to.match(new RegExp(`^netns ${['exclusive', 'shared'][system.sysNetnsMode!]!}`));
    const file = await last(client.do('get-chardev', { chardevType: 'uverbs', devIndex }));
    expect(readFileSync(`/sys/class/infiniband_verbs/${file.chardevName!}/ibdev`, 'utf8').trim()).to.equal(NAME);
  });

  it('renames and deletes the device, names it in errors', async () => {
    await last(client.do('set', { devIndex, devName: 'vmrxe9' }));
    expect(run('rdma dev show')).to.include('vmrxe9');
    await last(client.do('dellink', { devIndex }));
    expect(run('rdma dev show')).to.not.include('vmrxe9');
    const error = (await last(client.do('get', { devIndex })).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.match(/^EINVAL get: RDMA device/);
  });
});
