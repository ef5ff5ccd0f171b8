import { handshakeSchema } from '../../../lib/families/generated/handshake.js';
import type { FamilyComparer } from '../comparer.js';
import { talkComparer } from './ynl-talk.js';

export const comparer: FamilyComparer = talkComparer(handshakeSchema);
