/**
 * Numbers of address families, as headers and socket addresses hold them (`AF_INET`, `AF_INET6`).
 *
 * nftables has other numbers beside: see `NfProtocol` of `rxnetlink/families/nftables`.
 *
 * @public
 */
export const AddressFamily: {
  /** All of them, in dumps; none, where an object has no address: a group of nexthops. */
  readonly Unspec: 0;
  readonly Inet: 2;
  /** Of links and neighbours what bridges know: ports and their VLANs, forwarding entries. */
  readonly Bridge: 7;
  readonly Inet6: 10;
} = Object.freeze({ Unspec: 0, Inet: 2, Bridge: 7, Inet6: 10 });
