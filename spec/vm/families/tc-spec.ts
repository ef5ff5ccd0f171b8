import { expect } from 'chai';

import { rtLink } from '../../../lib/families/rt-link.js';
import { tc } from '../../../lib/families/tc.js';
import { json, last, modules, run } from '../support.js';

const DEVICE = 'vmtc';
/** `TC_H_ROOT` of linux/pkt_sched.h. */
const ROOT = 0xffffffff;
/** Creates the object, or replaces an existing one. */
const CREATE = { create: true, replace: true };
/** Converts a fraction to the unit of tc for probabilities. */
const share = (probability: number): number => Math.round(probability * 0xffffffff);

interface Shown {
  readonly kind: string;
  readonly handle: string;
  readonly parent?: string;
  readonly options: Readonly<Record<string, unknown>>;
}

describe('traffic control on the wide kernel', () => {
  let ifindex = 0;

  before(async () => {
    modules('dummy', 'sch_netem', 'sch_fq_codel', 'sch_htb', 'sch_tbf', 'cls_u32');
    run(`ip link add ${DEVICE} type dummy`);
    run(`ip link set ${DEVICE} up`);
    using link = rtLink();
    ifindex = (await last(link.do('getlink', { ifname: DEVICE }))).ifiIndex;
  });
  after(() => run(`ip link del ${DEVICE}`));
  afterEach(() => run(`tc qdisc replace dev ${DEVICE} root handle 99: pfifo`));

  it('reads the netem qdisc that tc wrote', async () => {
    run(`tc qdisc replace dev ${DEVICE} root handle 1: netem delay 30ms 5ms 25% loss 3% duplicate 1% limit 555 rate 1mbit`);
    using control = tc();
    const qdisc = (await last(control.list('getqdisc'))).find((row) => row.ifindex === ifindex)!;
    expect(qdisc).to.include({ kind: 'netem', handle: 0x10000, parent: ROOT });
    const options = qdisc.kind === 'netem' ? qdisc.options! : undefined;
    expect(options).to.include({ limit: 555, latency64: 30_000_000n, jitter64: 5_000_000n });
    expect(options!.loss).to.be.closeTo(share(0.03), 2);
    expect(options!.duplicate).to.be.closeTo(share(0.01), 2);
    expect(options!.corr!.delayCorr).to.be.closeTo(share(0.25), 2);
    expect(options!.rate!.rate).to.equal(125_000);
  });

  it('writes an fq_codel qdisc that tc reads', async () => {
    using control = tc();
    await last(
      control.do(
        'newqdisc',
        {
          ifindex,
          parent: ROOT,
          handle: 0x300000,
          kind: 'fq_codel',
          options: { limit: 600, flows: 64, target: 3000, interval: 80_000, quantum: 1000, ecn: 1 },
        },
        { create: true, replace: true },
      ),
    );
    const [shown] = json<Shown[]>(`tc -j qdisc show dev ${DEVICE}`);
    expect(shown).to.include({ kind: 'fq_codel', handle: '30:' });
    expect(shown!.options).to.include({ limit: 600, flows: 64, quantum: 1000, ecn: true });
    // The kernel counts in units of 1.024 us.
    expect(shown!.options['interval']).to.be.closeTo(80_000, 1);
    expect(shown!.options['target']).to.be.closeTo(3000, 1);
  });

  it('reads classes of htb, whose rates follow structs of 12 bytes', async () => {
    run(`tc qdisc replace dev ${DEVICE} root handle 2: htb default 10`);
    run(`tc class add dev ${DEVICE} parent 2: classid 2:10 htb rate 3mbit ceil 9mbit burst 20k prio 3`);
    using control = tc();
    const [row] = await last(control.list('gettclass', { ifindex }));
    const shown = json<Record<string, unknown>[]>(`tc -j class show dev ${DEVICE}`)[0]!;
    const parms = row!.kind === 'htb' ? row!.options!.parms! : undefined;
    expect(parms!.rate.rate).to.equal(shown['rate']);
    expect(parms!.ceil.rate).to.equal(shown['ceil']);
    expect(parms!.prio).to.equal(shown['prio']);
    expect(row!.handle).to.equal(0x20010);
  });

  it('writes and reads classes of hfsc, whose options differ from those of the qdisc', async () => {
    modules('sch_hfsc');
    using control = tc();
    const curve = (m1: number, d: number, m2: number) => ({ m1, d, m2 });
    await last(control.do('newqdisc', { ifindex, parent: ROOT, handle: 0x30000, kind: 'hfsc', options: { defcls: 0x10 } }, CREATE));
    const options = { rsc: curve(625_000, 10_000, 250_000), fsc: curve(0, 0, 375_000), usc: curve(0, 0, 2_500_000) };
    await last(control.do('newtclass', { ifindex, parent: 0x30000, handle: 0x30010, kind: 'hfsc', options }, CREATE));
    expect(run(`tc class show dev ${DEVICE}`)).to.include(
      'class hfsc 3:10 parent 3: rt m1 5Mbit d 10ms m2 2Mbit ls m1 0bit d 0us m2 3Mbit ul m1 0bit d 0us m2 20Mbit',
    );
    const rows = await last(control.list('gettclass', { ifindex }));
    expect(rows.find(({ handle }) => handle === 0x30010)).to.deep.include({ kind: 'hfsc', options });
  });

  it('reads the keys of u32 filters', async () => {
    run(`tc qdisc replace dev ${DEVICE} root handle 2: htb`);
    run(`tc filter add dev ${DEVICE} parent 2: protocol ip prio 5 u32 match ip dst 10.0.0.0/8 match ip dport 80 0xffff flowid 2:10`);
    using control = tc();
    const rows = await last(control.list('gettfilter', { ifindex, parent: 0x20000 }));
    const selectors = rows.flatMap((row) => (row.kind === 'u32' && row.options?.sel !== undefined ? [row.options.sel] : []));
    expect(selectors).to.have.length(1);
    expect(selectors[0]!.nkeys).to.equal(2);
    expect(selectors[0]!.keys).to.deep.equal([
      { mask: 0xff000000, val: 0x0a000000, off: 16, offmask: 0 },
      { mask: 0xffff, val: 80, off: 20, offmask: 0 },
    ]);
  });
});
