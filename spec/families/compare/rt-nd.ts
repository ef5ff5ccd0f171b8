import { expect } from 'chai';
import { rtNdSchema } from '../../../lib/families/generated/rt-nd.js';
import type { RtNdFamily } from '../../../lib/families/rt-nd.js';
import type { FamilyComparer } from '../comparer.js';

type Prefix = RtNdFamily['notifications']['newprefix'];
type Option = RtNdFamily['notifications']['newnduseropt'];

/** The advertisement that `advertise.py` sent. */
interface Sent {
  readonly ifindex: number;
  readonly router: string;
  readonly prefixes: readonly { address: string; length: number; flags: number; valid: number; preferred: number }[];
  readonly options: readonly string[];
}

/** AF_INET6, ND_ROUTER_ADVERT, ND_OPT_PREFIX_INFORMATION. */
const [INET6, ADVERTISEMENT, PREFIX] = [10, 134, 3];

export const comparer: FamilyComparer = {
  schema: rtNdSchema,
  compare({ shown, events }) {
    const { ifindex, router, prefixes, options } = shown as Sent;
    expect(events.filter((event): event is Prefix => 'prefixLen' in event)).to.deep.equal(
      prefixes.map(({ address, length, flags, valid, preferred }) => ({
        ...{ prefixFamily: INET6, prefixIfindex: ifindex, prefixType: PREFIX, prefixLen: length, prefixFlags: flags, address },
        cacheinfo: { preferredTime: preferred, validTime: valid },
      })),
    );
    const received = events.filter((event): event is Option => 'option' in event);
    expect(received.map((event) => ({ ...event, option: Buffer.from(event.option).toString('hex') }))).to.deep.equal(
      options.map((option) => ({
        ...{ family: INET6, optsLen: option.length / 2, ifindex, icmpType: ADVERTISEMENT, icmpCode: 0 },
        ...{ option, srcaddr: router },
      })),
    );
  },
};
