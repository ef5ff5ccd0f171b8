import { expect } from 'chai';
import { filter, firstValueFrom } from 'rxjs';
import { psample, type PsampleFamily } from '../../../../lib/families/psample.js';
import type { WatchableClient } from '../../../../lib/live/index.js';
import { useWatchers } from '../../../kernel/live/watcher.js';
import { spawnSync } from '../../../support/programs.js';
import { json, last, modules, run } from '../../support.js';

const [DEVICE, GROUP, PORT] = ['vmsample', 77, 4910];
const TEXT = 'a packet that is sampled';

describe('psample on the wide kernel', () => {
  const watch = useWatchers();
  let client: WatchableClient<PsampleFamily, 'get-group'>;

  before(() => {
    modules('psample', 'act_sample', 'cls_matchall', 'sch_ingress', 'dummy');
    run(`ip link add ${DEVICE} type dummy`);
    run(`ip link set ${DEVICE} up`);
    run(`ip addr add 10.79.0.1/24 dev ${DEVICE}`);
    run(`ip neigh add 10.79.0.2 lladdr 02:00:00:00:00:02 dev ${DEVICE}`);
    client = psample();
    client.socket.connect();
  });
  after(() => {
    client?.close();
    run(`ip link del ${DEVICE}`);
  });

  it('watches groups, and emits sampled packets with their bytes', async () => {
    const watcher = watch(client.watch('get-group'));
    await watcher.has('no group', (rows) => rows.length === 0);
    run(`tc qdisc add dev ${DEVICE} clsact`);
    run(`tc filter add dev ${DEVICE} egress matchall action sample rate 1 group ${String(GROUP)} trunc 60`);
    await watcher.has('the group', (rows) => rows.some(({ sampleGroup }) => sampleGroup === GROUP));
    expect(await last(client.list('get-group'))).to.deep.include({
      sampleGroup: GROUP,
      groupRefcount: 1,
      groupSeq: watcher.entries![0]!.groupSeq!,
    });
    const sampled = firstValueFrom(
      client.notifications('packets').pipe(filter(({ value }) => Buffer.from(value.data ?? []).includes(TEXT.slice(0, 18)))),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(spawnSync('bash', ['-c', `printf '${TEXT}' >/dev/udp/10.79.0.2/${String(PORT)}`]).status).to.equal(0);
    const { value } = await sampled;
    const [{ ifindex } = { ifindex: 0 }] = json<{ ifindex: number }[]>(`ip -j link show ${DEVICE}`);
    expect(value).to.include({ oifindex: ifindex, sampleGroup: GROUP, sampleRate: 1, proto: 0x0800, origsize: 42 + TEXT.length });
    const bytes = Buffer.from(value.data!);
    expect(bytes.length).to.equal(60);
    expect(bytes.subarray(0, 6).toString('hex')).to.equal('020000000002');
    expect(bytes.subarray(26, 34).toString('hex')).to.equal('0a4f00010a4f0002');
    expect(bytes.readUInt16BE(36)).to.equal(PORT);
    expect(Math.abs(Number(value.timestamp! / 1_000_000n) - Date.now())).to.be.below(60_000);
    run(`tc qdisc del dev ${DEVICE} clsact`);
    await watcher.has('no group again', (rows) => rows.length === 0);
  });
});
