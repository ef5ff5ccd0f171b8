import { checkAttributes } from './attributes.js';
import { checkConversation } from './conversation.js';
import { checkDebug } from './debug.js';
import { checkError } from './errors.js';
import { checkFuzz } from './fuzz.js';
import { checkGeneric } from './genl.js';
import { checkMessage } from './messages.js';
import { checkRtnetlink } from './rtnetlink/rtnetlink.js';
import { checkValidate } from './validate.js';
import { checkInteger, checkString } from './values.js';
import type { Check } from './vector.js';

/** The function that checks the cases of each file. */
export const ADAPTERS: Readonly<Record<string, Check>> = {
  'attributes.json': checkAttributes,
  'debug.json': checkDebug,
  'errors.json': checkError,
  'fuzz.json': checkFuzz,
  'genl.json': checkGeneric,
  'ints.json': checkInteger,
  'messages.json': checkMessage,
  'multipart.json': checkConversation,
  'rtnetlink.json': checkRtnetlink,
  'strings.json': checkString,
  'validate.json': checkValidate,
};
