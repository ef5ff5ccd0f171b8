import { FieldError } from '../../common/field-error.js';
import type { FirewallChainType, FirewallHook } from '../firewall.js';

type Hooks = readonly FirewallHook[];

/** The hooks of types of chains (`hook_mask` of `struct nft_chain_type`). Chains of type `filter` may have any. */
const TYPE_HOOKS: Readonly<Partial<Record<FirewallChainType, Hooks>>> = {
  nat: ['prerouting', 'input', 'output', 'postrouting'],
  route: ['output'],
};

const DESTINATION: Hooks = ['prerouting', 'output'];

/** The hooks at which the kernel accepts translations of addresses (`nft_nat_validate`, `nft_masq_validate`, `nft_redir_validate`). */
const TRANSLATIONS: ReadonlyMap<string, Hooks> = new Map([
  ['masquerade', ['postrouting']],
  ['snat', ['postrouting', 'input']],
  ['dnat', DESTINATION],
  ['redirect', DESTINATION],
]);

/** @throws FieldError if chains of a type cannot have a hook: the kernel only answers `EOPNOTSUPP` @internal */
export function requireHookOfType(type: FirewallChainType, hook: FirewallHook, path: string): void {
  const hooks = TYPE_HOOKS[type];
  if (hooks?.includes(hook) === false)
    throw new FieldError(path, `a chain of type ${type} has the hook ${hooks.join(' or ')}, not ${hook}`);
}

/**
 * Checks the translations of addresses in a rule of a base chain. In a regular chain they depend on the chains that jump to it.
 *
 * @throws FieldError if the kernel rejects one there
 * @internal
 */
export function requireTranslations(chain: { readonly type?: unknown; readonly hook?: unknown }, then: unknown, path: string): void {
  const { type, hook } = chain;
  if (hook === undefined) return;
  for (const [index, statement] of (Array.isArray(then) ? (then as readonly unknown[]) : [then]).entries()) {
    const name = typeof statement === 'object' && statement !== null ? Object.keys(statement)[0] : statement;
    const hooks = TRANSLATIONS.get(name as string);
    if (hooks === undefined || (type === 'nat' && hooks.includes(hook as FirewallHook))) continue;
    const place = Array.isArray(then) ? `${path}[${index}]` : path;
    throw new FieldError(place, `${String(name)} needs a chain of type nat with the hook ${hooks.join(' or ')}`);
  }
}
