export { decodeUevent, type Uevent, type UeventAction } from './uevent/decode-uevent.js';
export { uevents, type UeventFilter, type UeventOptions } from './uevent/uevents.js';
