import { KERNEL, type ImpliedRoute } from '../addresses/implied-routes.js';
import { routeOf, type FakeRoute } from './fake-route.js';

/** Makes the route of the kernel for an address or a link. @internal */
export function implied({ family, type, table, dst, length, scope, index, metric, source }: ImpliedRoute): FakeRoute {
  const request = {
    ...{ rtmFamily: family, rtmDstLen: length, rtmProtocol: KERNEL, rtmScope: scope, rtmType: type, dst },
    ...(source !== undefined && { prefsrc: source }),
  };
  return routeOf(request, [{ index, flags: 0, weight: 0, way: {}, isDead: false }], table, metric);
}

/** Returns true if a route is that of the kernel for an address or a link. @internal */
export function isImplied({ attributes, hops }: FakeRoute, { type, index, source }: ImpliedRoute): boolean {
  return attributes.rtmProtocol === KERNEL && attributes.rtmType === type && attributes.prefsrc === source && hops[0]?.index === index;
}
