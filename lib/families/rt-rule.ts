import { familyFactory, type FamilyFactory } from '../client/index.js';
import { rtRuleSchema, type RtRuleFamily } from './generated/rt-rule.js';

export * from './generated/rt-rule.js';

/** Routing rules. @public */
export const rtRule: FamilyFactory<RtRuleFamily> = familyFactory(rtRuleSchema);
