import { isFamilyAddress } from '../../codec/address/address-scope.js';
import type { Kind, ValueCodec } from '../../codec/kind.js';
import type { ValueFields } from '../../codec/value-fields.js';
import { address, addressTypeText, isAddressText, isInternetHint } from './address.js';
import { bytes } from './bytes.js';
import { familyAddress } from './family-address.js';
import { scalarList } from './scalar-list.js';
import { socketAddress } from './socket-address.js';
import { struct, structList } from './struct.js';
import { uuid } from './uuid.js';

/** Bytes. With `hint` text, with `struct` an object (with `repeated` an array of them), with `element` an array of scalars. @internal */
export const binary: Kind = {
  ...bytes,
  fields: ['payload', 'checks'],
  policyTypes: ['string'],
  codecOf,

  typeText(value, texts, direction) {
    if (isAddressText(value)) return addressTypeText(direction, value.address?.width);
    if (value.struct !== undefined) {
      const item = texts.struct(value.struct, direction);
      return value.repeated === true ? texts.array(item) : item;
    }
    if (value.hint === 'base64' && direction === 'request') return 'KeyInput';
    return value.element === undefined ? 'Uint8Array' : texts.array(texts.value(value.element, direction));
  },
  marksSecrets: true,
};

function codecOf(value: ValueFields): ValueCodec {
  if (value.struct !== undefined) return value.repeated === true ? structList : struct;
  if (value.element !== undefined) return scalarList;
  if (isFamilyAddress(value)) return familyAddress;
  if (value.hint === 'mac' || isInternetHint(value)) return address;
  if (value.hint === 'uuid') return uuid;
  return value.hint === 'sockaddr_in-or-sockaddr_in6' ? socketAddress : bytes;
}
