/** The reason why a case may fail: the tag of its author, and the behaviour of this library. */
export interface Excuse {
  /** Undefined if no tag of the case fits; the reason is then this library's contract. */
  readonly tag: string | undefined;
  readonly reason: string;
}

type Entry = readonly [tag: string | undefined, reason: string, ids: readonly string[]];

// prettier-ignore
const ENTRIES: readonly Entry[] = [
  ['lenient-zero-length', 'an attribute of length 0 is refused, as the kernel refuses it, not passed over', [
    'attributes/decode/no-attributes-length-0',
  ]],
  ['explicit-length', 'lengths are always computed: a wrong one cannot be asked for', [
    'attributes/encode/one-attribute-short-length', 'messages/marshal/empty', 'messages/marshal/short', 'messages/marshal/unaligned',
  ]],
  ['strict-padding', 'a last message may lack its padding, as the kernel sends it', [
    'messages/parse-many/unaligned-length',
  ]],
  ['strict-reserved', 'the reserved bytes of a generic header are not looked at: the kernel may give them a meaning', [
    'genl/header/unmarshal/1st-reserved-set', 'genl/header/unmarshal/2nd-reserved-set', 'genl/header/unmarshal/both-reserved-set',
  ]],
  ['cosmetic', 'flags carry the names of MessageFlags', [
    'messages/flags-string/0x10', 'messages/flags-string/0x20', 'messages/flags-string/0x505',
  ]],
  ['api-shape', 'integers are not written into buffers of the caller: AttributeEncoder makes the room, so no size can be wrong', [
    'ints/wrong-length/short-put-8', 'ints/wrong-length/long-put-8', 'ints/wrong-length/short-put-16', 'ints/wrong-length/long-put-16',
    'ints/wrong-length/short-put-32', 'ints/wrong-length/long-put-32', 'ints/wrong-length/short-put-64', 'ints/wrong-length/long-put-64',
    'ints/wrong-length/short-put-signed-32', 'ints/wrong-length/long-put-signed-32',
  ]],
  ['api-shape', 'a failed recvmsg counts as loss: OverrunError, operation receive, never to be taken for a KernelError', [
    'errors/syscall/connreceiveerrorlinux', 'errors/syscall/linuxsyscallerror', 'multipart/nltest/linuxsyscallerror',
  ]],
  [undefined, 'a failed recvmsg counts as loss: OverrunError, operation receive, never to be taken for a KernelError', [
    'multipart/netlink/connreceiveerrorlinux-syscall-error-enoent',
  ]],
  ['api-shape', 'a transport reports datagrams and their loss, it has no errors of its own to pass on while receiving', [
    'errors/transport/nltest-connreceiveerror', 'errors/transport/nltest-connexecuteerror', 'errors/transport/genltest-connreceiveerror',
    'multipart/nltest/connreceiveerror', 'multipart/nltest/connexecuteerror',
  ]],
  ['test-helper', 'errorReply() answers as the kernel does, with the header of the request behind the number', [
    'errors/build/eperm', 'errors/build/enoent',
  ]],
  ['test-helper', 'multipart() adds DONE to any number of rows; a reply that is none is written without it', [
    'multipart/build/no-messages', 'multipart/build/one-message-no-changes',
  ]],
  ['go-semantic-validation', 'a version is kept as the 32-bit number that it is on the wire', [
    'genl/family/reply/parse-version-too-large',
  ]],
  ['go-semantic-validation', 'attributes are well-formed: their meaning is the business of a schema', [
    'rtnetlink/link/decode/invalid-attr', 'rtnetlink/address/decode/invalid-attr',
  ]],
  ['go-semantic-validation', 'counters are read as far as they go, so that newer and older kernels are understood', [
    'rtnetlink/linkstats/decode/empty', 'rtnetlink/linkstats/decode/invalid-<-92', 'rtnetlink/linkstats/decode/invalid->-96',
    'rtnetlink/linkstats/decode/invalid->-92-<-96', 'rtnetlink/linkstats64/decode/empty', 'rtnetlink/linkstats64/decode/invalid-<-184',
    'rtnetlink/linkstats64/decode/invalid->-184-<-192', 'rtnetlink/linkstats64/decode/invalid->-192-<-200',
    'rtnetlink/linkstats64/decode/invalid->-200',
  ]],
  ['go-rejects-unknown', 'unknown attributes are kept', [
    'rtnetlink/rule/decode/invalid-attribute',
  ]],
];

/** The cases that fail for a reason, by id. */
export const EXCUSES: Readonly<Record<string, Excuse>> = Object.fromEntries(
  ENTRIES.flatMap(([tag, reason, ids]) => ids.map((id) => [id, { tag, reason }])),
);
