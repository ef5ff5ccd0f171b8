/* Descriptors */
export type {
  AddressSchema,
  AttributeSchema,
  AttributeSetSchema,
  BareAddress,
  CheckSchema,
  DisplayHint,
  EnumSchema,
  FamilySchema,
  FillSchema,
  FormatSchema,
  GroupSchema,
  MaskOfSchema,
  MemberSchema,
  MemberWriteRule,
  MergeListSchema,
  MergeSchema,
  ModeSchema,
  ObjectSchema,
  OperationSchema,
  SelectorSchema,
  StructSchema,
  SubMessageSchema,
  ValueFields,
  ValueSchema,
  ValueType,
  VariantSchema,
  WriteRule,
} from './v1.js';

/* Types of a family */
export type {
  AddressInput,
  Bitfield32,
  DoName,
  DoReply,
  DoRequest,
  DumpName,
  DumpReply,
  DumpRequest,
  FamilyOf,
  FamilyTypes,
  GroupName,
  KeyInput,
  NotificationOf,
  OperationPart,
  OperationTypes,
  TypedFamilySchema,
  UndescribedName,
} from './v1.js';

/* Codecs */
export { OperationCodec, operationCodec, type BackEndKind, type OperationMode } from './operation-codec.js';

/* Values */
export { Unknown, type UnknownAttribute, type WithUnknown } from './v1.js';
export { Indexes, type WithIndexes } from './value/indexes.js';
export { unknownAttributes, type LocatedAttribute } from './value/unknown-attributes.js';
export { stringify, type StringifyOptions } from './value/stringify.js';
export { AddressFamily } from './codec/address/address-family.js';

/* Names of attributes */
export { attributePathAt, describeAttributes, missingAttributePath, secretRanges } from './explain/attribute-path.js';
export { type WalkedAttribute } from './codec/walker.js';
