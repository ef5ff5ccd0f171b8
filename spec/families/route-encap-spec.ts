import { expect } from 'chai';
import { rtRouteSchema } from '../../lib/families/generated/rt-route.js';
import { operationCodec } from '../../lib/schema/index.js';
import { bytes } from '../wire/bytes.js';

/*
 * The available kernels reject routes with IOAM, so this is the request that iproute2 6.15 sends:
 *
 *   ip -6 route add fd66::/64 encap ioam6 freq 2/5 mode encap tundst fd00::2 trace prealloc type 0x800000 ns 7 size 12 dev lo
 */
const REQUEST = bytes(`
  0a 40 00 00 fe 03 00 01 00000000
  1400 0100 fd 66 00 00 00 00 00 00 00 00 00 00 00 00 00 00
  3c00 1680
  0800 0400 02000000
  0800 0500 05000000
  0500 0100 02 00 00 00
  1400 0200 fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 02
  0c00 0300 00 07 00 03 80 00 00 00
  0600 1500 0900 00 00
  0800 0400 01000000`);

describe('a route with IOAM encapsulation', () => {
  it('is decoded from the bytes of ip', () => {
    const { dst, encapType, encap, oif } = operationCodec(rtRouteSchema, 'newroute').decodePayload(REQUEST) as Record<string, unknown>;
    expect({ dst, encapType, encap, oif }).to.deep.equal({
      dst: 'fd66::',
      encapType: 'ioam6',
      // struct ioam6_trace_hdr of linux/ioam6.h: namespace 7, three words of data, type 0x800000
      encap: { freqK: 2, freqN: 5, mode: 2, dst: 'fd00::2', trace: Uint8Array.of(0, 7, 0, 3, 0x80, 0, 0, 0) },
      oif: 1,
    });
  });
});
