// The entry point `rxnetlink/schema/v1`: everything that the modules of generated families import. An incompatible format of the
// descriptor gets an entry point of its own, so that modules that were generated before keep compiling.

/* Descriptors */
export type {
  AddressSchema,
  AttributeSchema,
  AttributeSetSchema,
  BareAddress,
  CheckSchema,
  DisplayHint,
  EnumSchema,
  ErrorSchema,
  FamilySchema,
  FillSchema,
  FormatSchema,
  GroupSchema,
  IgnoredRule,
  MaskOfSchema,
  MemberSchema,
  MemberWriteRule,
  MergeListSchema,
  MergeSchema,
  ModeSchema,
  NeedsOneSchema,
  ObjectSchema,
  OperationSchema,
  SelectorSchema,
  ShapeSchema,
  StructSchema,
  SubMessageSchema,
  ValueFields,
  ValueSchema,
  ValueType,
  VariantSchema,
  WhenSchema,
  WriteRule,
} from './descriptor/descriptor.js';

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
  EventName,
  EventOf,
  FamilyOf,
  FamilyTypes,
  GroupName,
  KeyInput,
  NotificationOf,
  OperationPart,
  OperationTypes,
  TypedFamilySchema,
  UndescribedName,
} from './descriptor/family-types.js';

/* Unknown attributes */
export { Unknown, type UnknownAttribute, type WithUnknown } from './value/unknown.js';
