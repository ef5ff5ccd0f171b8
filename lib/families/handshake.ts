import { familyFactory, type FamilyFactory } from '../client/index.js';
import { handshakeSchema, type HandshakeFamily } from './generated/handshake.js';

export * from './generated/handshake.js';

/** TLS handshakes handed to user space. @public */
export const handshake: FamilyFactory<HandshakeFamily> = familyFactory(handshakeSchema);
