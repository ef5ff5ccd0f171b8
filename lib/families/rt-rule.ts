import { MultisetStore, watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { rtRuleSchema, type GetruleReply, type RtRuleFamily } from './generated/rt-rule.js';

export * from './generated/rt-rule.js';

/** FIB_RULE_IIF_DETACHED, FIB_RULE_OIF_DETACHED: no interface has that name (uapi/linux/fib_rules.h). */
const DETACHED = 0x18;

/** A rule has no key, and the kernel accepts several equal rules. */
const bucket = ({ family, priority = 0 }: GetruleReply): string => `${family} ${priority}`;

/** Routing rules. @public */
export const rtRule: WatchableFamilyFactory<RtRuleFamily, 'getrule'> = watchableFamily(rtRuleSchema, {
  getrule: {
    groups: ['rtnlgrp-ipv4-rule', 'rtnlgrp-ipv6-rule'],
    set: ['newrule-ntf'],
    delete: ['delrule-ntf'],
    key: bucket,
    accepts: ({ family }) => family === 2 || family === 10,
    filters: { family: ({ family }) => family },
    silent: ['flags'],
    deletesInterrupt: true,
    store: () => new MultisetStore({ bucket, significant: (rule) => ({ ...rule, flags: rule.flags & ~DETACHED }) }),
  },
});
