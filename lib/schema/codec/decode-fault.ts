/**
 * The error of a decoder for a wrong length.
 *
 * Codecs replace it by a `DecodeError` with the attribute's path, which they search only then.
 *
 * @internal
 */
export class DecodeFault extends Error {
  /** The offset in the frame. */
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(reason);
    this.offset = offset;
  }
}
