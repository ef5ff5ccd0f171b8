import type { GetruleReply } from '../../families/generated/rt-rule.js';
import { sameValue } from '../../live/internal.js';
import { MessageFlags } from '../../wire/index.js';
import type { NetworkTables, Packet, RuleOutcome } from './network-tables.js';
import { INET, INET6, isWithin } from './prefixes.js';
import { Rejection } from './rejection.js';

/** FIB_RULE_INVERT, FIB_RULE_IIF_DETACHED, FIB_RULE_OIF_DETACHED (uapi/linux/fib_rules.h). */
const INVERT = 2;
const IIF_DETACHED = 8;
const OIF_DETACHED = 16;

/** No routes are suppressed. */
const NONE = 0xffff_ffff;

const KERNEL = 2;

/** Attributes by which rules differ; one that a request omits fits any rule. */
const SELECTORS = [
  ...(['iifname', 'oifname', 'fwmark', 'fwmask', 'tunId', 'l3mdev', 'uidRange', 'ipProto', 'sportRange', 'dportRange'] as const),
  ...(['dscp', 'flowlabel', 'src', 'dst', 'protocol'] as const),
];

type Attributes = Partial<GetruleReply>;

/** The routing rules of both families, by priority. @internal */
export class RuleTable {
  readonly #tables: NetworkTables;
  readonly #rules: GetruleReply[] = [];

  constructor(tables: NetworkTables) {
    this.#tables = tables;
    for (const [family, table, priority] of [
      [INET, 255, 0],
      [INET, 254, 32_766],
      [INET, 253, 32_767],
      [INET6, 255, 0],
      [INET6, 254, 32_766],
    ] as const)
      this.#rules.push(ruleOf({ family, table, priority, action: 'to-tbl', protocol: KERNEL }));
  }

  rows(family: number): readonly GetruleReply[] {
    return this.#rules.filter((rule) => rule.family === family).map((rule) => this.#row(rule));
  }

  /** Adds a rule behind those of its priority (RTM_NEWRULE). @throws Rejection */
  add(request: Attributes, flags: number): void {
    const rule = ruleOf({ ...request, priority: request.priority ?? this.#nextPriority(request.family ?? 0) });
    if ((flags & MessageFlags.Exclusive) !== 0 && this.#find(rule) !== undefined) throw new Rejection('EEXIST');
    const isBehind = (other: GetruleReply): boolean => other.family === rule.family && (other.priority ?? 0) > (rule.priority ?? 0);
    const at = this.#rules.findIndex(isBehind);
    if (at < 0) this.#rules.push(rule);
    else this.#rules.splice(at, 0, rule);
    this.#tables.notify.rule('new', this.#row(rule), true);
  }

  /** Deletes the first rule that has the attributes of a request (RTM_DELRULE). @throws Rejection */
  delete(request: Attributes): void {
    const rule = this.#find(request);
    if (rule === undefined) throw new Rejection('ENOENT');
    this.#rules.splice(this.#rules.indexOf(rule), 1);
    this.#tables.notify.rule('del', this.#row(rule), true);
  }

  /** Yields the outcomes of the rules that match a packet, in their order. */
  *matching(packet: Packet): Iterable<RuleOutcome> {
    for (const rule of this.#rules) {
      if (rule.family !== packet.family || matches(rule, packet) === ((rule.flags & INVERT) !== 0)) continue;
      const suppress = rule.suppressPrefixlen === undefined || rule.suppressPrefixlen === NONE ? -1 : rule.suppressPrefixlen;
      yield { action: String(rule.action), table: rule.table, suppress };
    }
  }

  #find(request: Attributes): GetruleReply | undefined {
    return this.#rules.find((rule) => {
      const isGiven = (name: keyof GetruleReply): boolean => request[name] !== undefined && request[name] !== 0;
      const fits = (name: keyof GetruleReply): boolean => !isGiven(name) || sameValue(request[name], rule[name]);
      if (rule.family !== request.family || !fits('priority') || !fits('table') || !fits('tos')) return false;
      if (request.action !== undefined && request.action !== rule.action && String(request.action) !== 'unspec') return false;
      return (
        SELECTORS.every((name) => request[name] === undefined || sameValue(request[name], rule[name])) && fits('srcLen') && fits('dstLen')
      );
    });
  }

  /** Returns the priority of a rule without one: just before the second rule. */
  #nextPriority(family: number): number {
    const second = this.#rules.filter((rule) => rule.family === family)[1]?.priority ?? 0;
    return second === 0 ? 0 : second - 1;
  }

  #row(rule: GetruleReply): GetruleReply {
    const { links } = this.#tables;
    const isDetached = (name: string | undefined): boolean => name !== undefined && links.byName(name) === undefined;
    const detached = (isDetached(rule.iifname) ? IIF_DETACHED : 0) | (isDetached(rule.oifname) ? OIF_DETACHED : 0);
    const { priority, ...rest } = rule;
    return { ...rest, flags: rule.flags | detached, ...(priority !== 0 && priority !== undefined && { priority }) };
  }
}

function ruleOf({
  family = 0,
  dstLen = 0,
  srcLen = 0,
  tos = 0,
  table = 0,
  action = 'to-tbl',
  flags = 0,
  ...rest
}: Attributes): GetruleReply {
  const { fwmark, fwmask = fwmark === undefined ? undefined : 0xffff_ffff, suppressPrefixlen = NONE, protocol = 0 } = rest;
  return {
    ...rest,
    ...{ family, dstLen, srcLen, tos, table, action, flags: flags & INVERT, suppressPrefixlen, protocol },
    ...(fwmask !== undefined && { fwmask }),
  };
}

function matches({ src, srcLen, dst, dstLen, iifname, fwmark = 0, fwmask, tos, uidRange }: GetruleReply, packet: Packet): boolean {
  const { family, from, to, iif = 'lo', mark = 0, uid = 0 } = packet;
  if (src !== undefined && (from === undefined || !isWithin(from, src, srcLen, family))) return false;
  if (dst !== undefined && !isWithin(to, dst, dstLen, family)) return false;
  if (iifname !== undefined && iifname !== iif) return false;
  if (fwmask !== undefined && (mark & fwmask) !== (fwmark & fwmask)) return false;
  if (uidRange !== undefined && (uid < uidRange.start || uid > uidRange.end)) return false;
  return tos === 0 || tos === packet.tos;
}
