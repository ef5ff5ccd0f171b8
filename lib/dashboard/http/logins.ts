import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The length of a token and of a secret in bytes: 192 bits. */
const LENGTH = 24;
/** The number of browsers that may be logged in; the one that has been longest is logged out. */
const BROWSERS = 16;

/** The tokens that log in, each once, and the secrets of browsers that are logged in. */
export class Logins {
  #token: string = randomText();
  #secrets: readonly Buffer[] = [];

  /** The token of the next login. */
  get token(): string {
    return this.#token;
  }

  /** Exchanges a token for a secret, and makes another token; undefined if the token is not the right one. */
  exchange(token: string): string | undefined {
    if (!isEqual(hashOf(token), hashOf(this.#token))) return undefined;
    this.#token = randomText();
    const secret = randomText();
    this.#secrets = [...this.#secrets, hashOf(secret)].slice(-BROWSERS);
    return secret;
  }

  /** True for the secret of a browser that is logged in. */
  has(secret: string): boolean {
    const hash = hashOf(secret);
    return this.#secrets.reduce((found, known) => isEqual(hash, known) || found, false);
  }
}

function randomText(): string {
  return randomBytes(LENGTH).toString('base64url');
}

/** Hashes are compared, because the time of a comparison of the texts themselves depends on their contents. */
function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function isEqual(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(one, other);
}
