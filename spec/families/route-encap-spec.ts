import { expect } from 'chai';
import { rtRouteSchema } from '../../lib/families/generated/rt-route.js';
import { operationCodec } from '../../lib/schema/index.js';

/*
 * Kernels that are to be had refuse routes with IOAM: what iproute2 6.15 asks for is the measure.
 *
 *   ip -6 route add fd66::/64 encap ioam6 freq 2/5 mode encap tundst fd00::2 trace prealloc type 0x800000 ns 7 size 12 dev lo
 */
const ASKED =
  '0a400000fe0300010000000014000100fd6600000000000000000000000000003c0016800800040002000000' +
  '080005000500000005000100020000001400' +
  '0200fd0000000000000000000000000000020c000300000700038000000006001500090000000800040001000000';

describe('a route that is encapsulated with IOAM', () => {
  it('is read as ip writes it', () => {
    const { dst, encapType, encap, oif } = operationCodec(rtRouteSchema, 'newroute').decodePayload(Buffer.from(ASKED, 'hex')) as Record<
      string,
      unknown
    >;
    expect({ dst, encapType, encap, oif }).to.deep.equal({
      dst: 'fd66::',
      encapType: 'ioam6',
      // struct ioam6_trace_hdr of linux/ioam6.h: namespace 7, three words of data, type 0x800000
      encap: { freqK: 2, freqN: 5, mode: 2, dst: 'fd00::2', trace: Uint8Array.of(0, 7, 0, 3, 0x80, 0, 0, 0) },
      oif: 1,
    });
  });
});
