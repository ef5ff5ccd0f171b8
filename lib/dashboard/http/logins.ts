import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The length of a token, a folder and a secret in bytes: 192 bits. */
const LENGTH = 24;
/** The number of browsers that may be logged in; the one that has been longest is logged out. */
const BROWSERS = 16;

/** A browser that is logged in: the folder of its page, and the secret of its cookie. */
export interface Login {
  readonly folder: string;
  readonly secret: string;
}

/** The tokens that log in, each once, and the browsers that are logged in. */
export class Logins {
  #token: string = randomText();
  #logins: readonly Buffer[] = [];

  /** The token of the next login. */
  get token(): string {
    return this.#token;
  }

  /** Exchanges a token for a login, and makes another token; undefined if the token is not the right one. */
  exchange(token: string): Login | undefined {
    if (!isEqual(hashOf(token), hashOf(this.#token))) return undefined;
    this.#token = randomText();
    const login = { folder: randomText(), secret: randomText() };
    this.#logins = [...this.#logins, hashOf(textOf(login))].slice(-BROWSERS);
    return login;
  }

  /** True for the folder and the secret of a browser that is logged in. */
  has(login: Login): boolean {
    const hash = hashOf(textOf(login));
    return this.#logins.reduce((found, known) => isEqual(hash, known) || found, false);
  }
}

/** The folder of a request has no slash, so that no other login has the same text. */
function textOf({ folder, secret }: Login): string {
  return `${folder}/${secret}`;
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
