import { normalise } from '../../fields/shape.js';
import { scopeOf } from '../../routes/route-rows.js';
import { keyText } from '../parse/check-document.js';
import type { ProtocolTable } from '../parse/parsed-document.js';
import type { DocumentModels, State } from '../plan/planned-change.js';

type Values = Readonly<Record<string, unknown>>;

/** Protocols of objects that the kernel, or a daemon for autoconfiguration, made. */
const AUTOMATIC: readonly unknown[] = ['kernel', 'redirect', 'ra', 'dhcp'];

/** The metric of IPv6 routes without one (`IP6_RT_PRIO_USER`). */
const IPV6_METRIC = 1024;

/** Returns the configured routes, rules or nexthops, without the values that follow from others. @internal */
export function exportProtocolTable(
  models: DocumentModels,
  { objects }: Pick<State, 'objects'>,
  table: ProtocolTable,
  owned: string | number | undefined,
): readonly Values[] {
  const model = models[table];
  const keys = new Set<string>();
  return (objects[table] ?? []).flatMap((object) => {
    const { protocol, expires } = object as Values;
    if (AUTOMATIC.includes(protocol) || expires !== undefined || (owned !== undefined && protocol !== owned)) return [];
    const values = normalise<Values>(model.shape, object) as Values;
    // A document has one object for each key.
    const key = keyText(model.keyOf(values));
    if (keys.has(key)) return [];
    keys.add(key);
    const usual = { protocol: owned ?? 'static', ...USUAL[table](values) };
    return [Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== false && value !== (usual as Values)[name]))];
  });
}

/** The values of properties that are omitted. */
const USUAL: Readonly<Record<ProtocolTable, (values: Values) => Values>> = {
  routes: (route) => {
    const { family, to, via, hops, nexthop } = route;
    return {
      ...(to !== 'default' || via !== undefined ? { family } : {}),
      type: 'unicast',
      table: 'main',
      pref: 'medium',
      metric: family === 6 ? IPV6_METRIC : 0,
      scope: scopeOf(route),
      // The nexthop object has them.
      ...(nexthop !== undefined && { via, hops, link: route['link'] }),
    };
  },
  rules: ({ from, to, family }) => ({ action: 'lookup', table: 'main', ...((from !== undefined || to !== undefined) && { family }) }),
  nexthops: () => ({}),
};
