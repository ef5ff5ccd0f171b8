import { expect } from 'chai';
import { messageDescriber } from '../../lib/client/message-describer.js';
import { wireguardSchema } from '../../lib/families/generated/wireguard.js';
import { secretRanges } from '../../lib/schema/index.js';
import { AttributeEncoder, KERNEL_ORIGIN, MESSAGE_HEADER_SIZE, Message, encodeMessage } from '../../lib/wire/index.js';
import { Frame } from '../../lib/wire/internal.js';

const GENERIC_HEADER_SIZE = 4;
const ATTRIBUTE_HEADER_SIZE = 4;
/** WG_CMD_SET_DEVICE and WGDEVICE_A_PRIVATE_KEY of linux/wireguard.h; 77 is not an attribute of a device. */
const SET_DEVICE = 1;
const PRIVATE_KEY = 3;
const UNKNOWN = 77;

const FAMILY = 33;
const OTHER_FAMILY = 34;
const key = Uint8Array.from({ length: 32 }, (_, at) => at + 1);

/** A message of `set-device` whose only attribute holds the key. */
function messageWith(attribute: number, type = FAMILY): Message {
  const attributes = new AttributeEncoder().bytes(attribute, key).encode();
  return new Message(Frame.of(encodeMessage({ type, payload: Uint8Array.of(SET_DEVICE, 1, 0, 0, ...attributes) })), 0, KERNEL_ORIGIN);
}

const start = MESSAGE_HEADER_SIZE + GENERIC_HEADER_SIZE + ATTRIBUTE_HEADER_SIZE;
const ofKey = [[start, start + key.length]];

describe('ranges of secrets', () => {
  it('contain a secret attribute', () => {
    expect(secretRanges(wireguardSchema, 'set-device', messageWith(PRIVATE_KEY).bytes)).to.deep.equal(ofKey);
  });

  it('contain an unknown attribute if its set has secrets', () => {
    expect(secretRanges(wireguardSchema, 'set-device', messageWith(UNKNOWN).bytes)).to.deep.equal(ofKey);
  });

  it('are described for messages of the family, but not for those of another family with the same command', () => {
    const describeMessage = messageDescriber(wireguardSchema, () => FAMILY);
    expect(describeMessage(messageWith(PRIVATE_KEY))?.secrets).to.deep.equal(ofKey);
    expect(describeMessage(messageWith(PRIVATE_KEY, OTHER_FAMILY))).to.equal(undefined);
  });

  it('are described with the last known message type while the family is resolved again', () => {
    let id: number | undefined = FAMILY;
    const describeMessage = messageDescriber(wireguardSchema, () => id);
    expect(describeMessage(messageWith(PRIVATE_KEY))?.secrets).to.deep.equal(ofKey);
    id = undefined;
    expect(describeMessage(messageWith(PRIVATE_KEY))?.secrets).to.deep.equal(ofKey);
    id = OTHER_FAMILY;
    expect(describeMessage(messageWith(PRIVATE_KEY))).to.equal(undefined);
    expect(describeMessage(messageWith(PRIVATE_KEY, OTHER_FAMILY))?.secrets).to.deep.equal(ofKey);
  });
});
