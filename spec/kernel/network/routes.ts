import { network, type Network } from '../../../lib/network/network.js';
import { useNamespace, type Namespace } from '../../support/namespace.js';
import { one, shown } from './support.js';

export type ShownRoute = Readonly<Record<string, unknown>>;

/** A namespace with two links, for specs of routes. */
export interface RouteLaboratory {
  readonly namespace: Namespace;
  readonly net: Network;
  /** Returns the routes to a network, as `ip` prints them. */
  judge(to: string, family?: 4 | 6): readonly ShownRoute[];
  /** Returns the ways and the metrics of the routes to a network. */
  ways(to: string, family?: 4 | 6): readonly ShownRoute[];
}

/** Makes a namespace for the specs of a `describe`; each spec finds it without routes. */
export function useRoutes(): () => RouteLaboratory {
  const namespace = useNamespace();
  let net: Network;
  const judge = (to: string, family = 4): readonly ShownRoute[] =>
    shown<ShownRoute>(namespace(), `ip -${family} -d -j route show table all`).filter(({ dst }) => dst === to);
  const ways = (to: string, family: 4 | 6 = 4) =>
    judge(to, family).map(({ gateway, dev, type, nexthops, metrics }) => ({
      ...(type !== 'unicast' && { type }),
      ...(gateway !== undefined && { gateway }),
      ...(nexthops !== undefined && { nexthops: (nexthops as readonly ShownRoute[]).map((hop) => hop.gateway ?? hop.dev) }),
      ...(nexthops === undefined && gateway === undefined && type === 'unicast' && { dev }),
      ...(metrics !== undefined && (metrics as readonly ShownRoute[])[0]),
    }));

  before(() => {
    namespace().batch([
      'link add v0 type veth peer v1',
      'link set v0 up',
      'link set v1 up',
      'addr add 10.1.0.1/24 dev v0',
      'addr add 10.2.0.1/24 dev v1',
      'addr add fd01::1/64 dev v0 nodad',
      'link property add dev v0 altname an-alternative-name',
    ]);
    net = network({ netns: namespace().path });
  });
  afterEach(async () => {
    const all = await one(net.routes.list());
    await one(net.routes.deleteMany(all.filter(({ protocol }) => protocol !== 'kernel')));
    const left = (await one(net.routes.list())).filter(({ protocol }) => protocol !== 'kernel');
    if (left.length > 0) throw new Error(`routes that deleteMany() did not delete: ${left.map(({ to }) => to).join(', ')}`);
  });
  after(() => net.close());
  return () => ({ namespace: namespace(), net, judge, ways });
}
