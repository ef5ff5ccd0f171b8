import { FieldError } from '../../common/field-error.js';
import type { FirewallChainType, FirewallHook } from '../firewall.js';
import type { FirewallFamily } from '../rules/rule-context.js';

type Hooks = readonly FirewallHook[];

/** The hooks of types of chains (`hook_mask` of `struct nft_chain_type`). Chains of type `filter` may have any. */
const TYPE_HOOKS: Readonly<Partial<Record<FirewallChainType, Hooks>>> = {
  nat: ['prerouting', 'input', 'output', 'postrouting'],
  route: ['output'],
};

/** The priority at which the kernel finds the connection of a packet (`NF_IP_PRI_CONNTRACK`); translations need the connection. */
const CONNECTION = -200;

/** The base chains in which the kernel accepts a statement. */
interface Place {
  readonly type?: FirewallChainType;
  readonly hooks: Hooks;
}

const DESTINATION: Place = { type: 'nat', hooks: ['prerouting', 'output'] };

/** The places of statements (`nft_nat_validate`, `nft_masq_validate`, `nft_redir_validate` and those of the others). */
const PLACES: ReadonlyMap<string, Place> = new Map<string, Place>([
  ['masquerade', { type: 'nat', hooks: ['postrouting'] }],
  ['snat', { type: 'nat', hooks: ['postrouting', 'input'] }],
  ['dnat', DESTINATION],
  ['redirect', DESTINATION],
  ['flow', { hooks: ['forward'] }],
  ['tproxy', { hooks: ['prerouting'] }],
  ['synproxy', { hooks: ['input', 'forward'] }],
]);

const IP: Hooks = ['prerouting', 'input', 'forward', 'output'];

/** The hooks of `reject` (`nft_reject_validate` of each family); kernels before 5.11 lack `prerouting` of IP. */
const REJECTIONS: Readonly<Partial<Record<FirewallFamily, Hooks>>> = {
  ip: IP,
  ip6: IP,
  inet: [...IP, 'ingress'],
  bridge: ['prerouting', 'input'],
  netdev: ['ingress'],
};

/** @throws FieldError if chains of a type cannot have a hook: the kernel only answers `EOPNOTSUPP` @internal */
export function requireHookOfType(type: FirewallChainType, hook: FirewallHook, path: string): void {
  const hooks = TYPE_HOOKS[type];
  if (hooks?.includes(hook) === false)
    throw new FieldError(path, `a chain of type ${type} has the hook ${hooks.join(' or ')}, not ${hook}`);
}

/** @throws FieldError if chains of a type cannot have a priority: the kernel only answers `EOPNOTSUPP` @internal */
export function requirePriorityOfType(type: FirewallChainType, priority: number, path: string): void {
  if (type !== 'nat' || priority > CONNECTION) return;
  throw new FieldError(
    path,
    `a chain of type nat has a priority above ${CONNECTION}, where the kernel finds the connection; not ${priority}`,
  );
}

/**
 * Checks that a rule of a base chain has no statement that the kernel does not accept there. In a regular chain, this depends on
 * the chains that jump to it.
 *
 * @throws FieldError with the place of the statement: the kernel only answers `EOPNOTSUPP`
 * @internal
 */
export function requirePlaces(
  family: FirewallFamily,
  chain: { readonly type?: unknown; readonly hook?: unknown },
  then: unknown,
  path: string,
): void {
  const { type, hook } = chain;
  if (hook === undefined) return;
  for (const [index, statement] of (Array.isArray(then) ? (then as readonly unknown[]) : [then]).entries()) {
    const name = typeof statement === 'object' && statement !== null ? Object.keys(statement)[0] : statement;
    const place = placeOf(family, name);
    if (place === undefined || ((place.type ?? type) === type && place.hooks.includes(hook as FirewallHook))) continue;
    const ofType = place.type === undefined ? '' : ` of type ${place.type}`;
    throw new FieldError(
      Array.isArray(then) ? `${path}[${index}]` : path,
      `${String(name)} needs a chain${ofType} with the hook ${place.hooks.join(' or ')}`,
    );
  }
}

function placeOf(family: FirewallFamily, name: unknown): Place | undefined {
  if (name !== 'reject') return PLACES.get(name as string);
  const hooks = REJECTIONS[family];
  return hooks && { hooks };
}
