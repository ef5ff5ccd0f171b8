/**
 * A length that is wrong, on its way out of a decoder.
 *
 * Codecs turn it into a `DecodeError`, which has the attribute's path: only then is it looked for.
 *
 * @internal
 */
export class DecodeFault extends Error {
  /** Where in the frame. */
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(reason);
    this.offset = offset;
  }
}
