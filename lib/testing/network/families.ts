import { rtAddrSchema, type RtAddrFamily } from '../../families/generated/rt-addr.js';
import { rtLinkSchema, type RtLinkFamily } from '../../families/generated/rt-link.js';
import { rtNeighSchema, type RtNeighFamily } from '../../families/generated/rt-neigh.js';
import { rtNsidSchema, type RtNsidFamily } from '../../families/generated/rt-nsid.js';
import { rtRouteSchema, type RtRouteFamily } from '../../families/generated/rt-route.js';
import { rtRuleSchema, type RtRuleFamily } from '../../families/generated/rt-rule.js';
import { tcSchema, type TcFamily } from '../../families/generated/tc.js';
import { fakeFamily, type FakeFamily } from '../family/fake-family.js';

/** The families of the fake network: their codecs decode requests and encode replies. @internal */
export interface NetworkFamilies {
  readonly link: FakeFamily<RtLinkFamily>;
  readonly addr: FakeFamily<RtAddrFamily>;
  readonly route: FakeFamily<RtRouteFamily>;
  readonly rule: FakeFamily<RtRuleFamily>;
  readonly neigh: FakeFamily<RtNeighFamily>;
  readonly nsid: FakeFamily<RtNsidFamily>;
  readonly tc: FakeFamily<TcFamily>;
}

/** Creates the families of a fake network. @internal */
export function networkFamilies(): NetworkFamilies {
  return {
    link: fakeFamily(rtLinkSchema),
    addr: fakeFamily(rtAddrSchema),
    route: fakeFamily(rtRouteSchema),
    rule: fakeFamily(rtRuleSchema),
    neigh: fakeFamily(rtNeighSchema),
    nsid: fakeFamily(rtNsidSchema),
    tc: fakeFamily(tcSchema),
  };
}
