import { expect } from 'chai';
import { EMPTY, from, lastValueFrom, toArray } from 'rxjs';
import { readAllFilters } from '../../../lib/families/traffic/places.js';
import type { FamilyDump } from '../../../lib/live/index.js';

/** TC_H_CLSACT with TC_H_MIN_INGRESS and TC_H_MIN_EGRESS, the handle of `ingress`, and TC_H_ROOT (uapi/linux/pkt_sched.h). */
const INGRESS = 0xffff_fff2;
const EGRESS = 0xffff_fff3;
const INGRESS_QDISC = 0xffff_0000;
const ROOT = 0xffff_ffff;

const QDISCS = [
  { ifindex: 2, kind: 'htb', handle: 0x1_0000, parent: ROOT },
  { ifindex: 2, kind: 'clsact', handle: INGRESS_QDISC, parent: 0xffff_fff1 },
  { ifindex: 3, kind: 'prio', handle: 0x1_0000, parent: ROOT },
  { ifindex: 3, kind: 'ingress', handle: INGRESS_QDISC, parent: 0xffff_fff1 },
  { ifindex: 4, kind: 'fq_codel', handle: 0, parent: ROOT },
];

describe('readAllFilters', () => {
  let sent: string[];
  const dump: FamilyDump = (op, request) => {
    sent.push([op, ...Object.values(request).map((value) => (value as number).toString(16))].join(' '));
    if (op !== 'getqdisc') return EMPTY;
    const { ifindex } = request as { readonly ifindex?: number };
    return from(QDISCS.filter((qdisc) => ifindex === undefined || qdisc.ifindex === ifindex));
  };
  const read = async (request: object): Promise<string[]> => {
    sent = [];
    await lastValueFrom(readAllFilters(dump, request).pipe(toArray()));
    return sent;
  };

  it('reads every place, and looks for inner classes, without a request', async () => {
    expect(await read({})).to.deep.equal([
      'getqdisc',
      'gettclass 2',
      ...[`2 10000`, `2 ${INGRESS.toString(16)}`, `2 ${EGRESS.toString(16)}`, '3 10000', `3 ${INGRESS.toString(16)}`].map(
        (place) => `gettfilter ${place}`,
      ),
    ]);
  });

  it('reads the places of one interface', async () => {
    expect(await read({ ifindex: 3 })).to.deep.equal(['getqdisc 3', 'gettfilter 3 10000', `gettfilter 3 ${INGRESS.toString(16)}`]);
  });

  for (const parent of [INGRESS, INGRESS_QDISC])
    it(`reads the incoming sides only, without a dump of classes, for the parent ${parent.toString(16)}`, async () => {
      expect(await read({ parent })).to.deep.equal(['getqdisc', ...[2, 3].map((index) => `gettfilter ${index} ${INGRESS.toString(16)}`)]);
    });

  it('does not read the outgoing side of the qdisc ingress, which has none', async () => {
    expect(await read({ parent: EGRESS })).to.deep.equal(['getqdisc', `gettfilter 2 ${EGRESS.toString(16)}`]);
  });

  it('reads a qdisc only, without a dump of classes, for its handle', async () => {
    expect(await read({ ifindex: 2, parent: 0x1_0000 })).to.deep.equal(['getqdisc 2', 'gettfilter 2 10000']);
  });

  it('reads a class only on the interfaces that have its qdisc', async () => {
    expect(await read({ parent: 0x1_0010 })).to.deep.equal(['getqdisc', 'gettfilter 2 10010', 'gettfilter 3 10010']);
  });
});
