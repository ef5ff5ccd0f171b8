/**
 * Numbers of address families, as headers and socket addresses hold them (`AF_INET`, `AF_INET6`).
 *
 * nftables has further numbers: see `NfProtocol` of `rxnetlink/families/nftables`.
 *
 * @public
 */
export const AddressFamily: {
  /** All families in a dump; no family for an object without an address, such as a group of nexthops. */
  readonly Unspec: 0;
  readonly Inet: 2;
  /** The links and neighbours of bridges: ports and their VLANs, forwarding entries. */
  readonly Bridge: 7;
  readonly Inet6: 10;
} = Object.freeze({ Unspec: 0, Inet: 2, Bridge: 7, Inet6: 10 });
