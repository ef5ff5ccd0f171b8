import { expect } from 'chai';
import fc from 'fast-check';
import { encodeSends } from '../../../lib/client/internal.js';
import { nfnetlinkQueueSchema, type VerdictRequest } from '../../../lib/families/generated/nfnetlink_queue.js';
import { VerdictEncoder } from '../../../lib/families/packets/verdict-encoder.js';
import { EncodeError } from '../../../lib/index.js';

const word = fc.nat(0xffff_ffff);
const request: fc.Arbitrary<VerdictRequest> = fc.record(
  { verdictHdr: fc.record({ verdict: word, id: word }), mark: word, priority: word, payload: fc.uint8Array({ maxLength: 9 }) },
  { requiredKeys: ['verdictHdr'] },
);

describe('VerdictEncoder', () => {
  it('encodes the bytes that the codecs of the family encode', () => {
    const plain = fc.record({ verdictHdr: fc.record({ verdict: word, id: word }) });
    fc.assert(
      fc.property(fc.nat(0xffff), fc.oneof(plain, request), fc.boolean(), (number, given, all) => {
        const op = all ? 'verdict-batch' : 'verdict';
        if (all) given = { ...given, payload: undefined! };
        const [expected] = encodeSends(nfnetlinkQueueSchema, [{ op, request: { resId: number, ...given } }], undefined);
        expect(new VerdictEncoder(number).encode(given, all)).to.deep.equal(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('encodes a verdict without changing the one before', () => {
    const encoder = new VerdictEncoder(5);
    const [first, second] = [7, 8].map((id) => encoder.encode({ verdictHdr: { verdict: 1, id } }, false).payload);
    // nfgenmsg of queue 5, NFQA_VERDICT_HDR (2) with NF_ACCEPT and the number of the packet.
    const head = [0, 0, 0, 5];
    expect([...first!.subarray(0, 4), ...first!.subarray(8)]).to.deep.equal([...head, 0, 0, 0, 1, 0, 0, 0, 7]);
    expect([...second!.subarray(8)]).to.deep.equal([0, 0, 0, 1, 0, 0, 0, 8]);
  });

  it('rejects a value that does not fit', () => {
    expect(() => new VerdictEncoder(5).encode({ verdictHdr: { verdict: 1, id: 1 }, mark: -1 }, false)).to.throw(EncodeError, 'mark');
  });
});
