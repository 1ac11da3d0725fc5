/** A name and a password, shown to a camera as it asks for them: Digest (RFC 2617) before Basic (RFC 7617). */
import { createHash, randomBytes } from 'node:crypto';

/** Who somebody is. */
export interface Login {
  readonly name: string;
  readonly password: string;
}

/** Those of an address; null where it has none. */
export function loginOf({ username, password }: URL): Login | null {
  return username === '' ? null : { name: decoded(username), password: decoded(password) };
}

/**
 * The value of `Authorization`.
 * @param challenges values of `WWW-Authenticate`
 * @returns null where the camera asks for what is not known here
 */
export function authorize(
  challenges: readonly string[],
  { name, password }: Login,
  method: string,
  uri: string,
): string | null {
  for (const challenge of challenges) {
    if (!/^digest\s/i.test(challenge)) continue;
    const asked = fieldsOf(challenge);
    const { realm = '', nonce = '', opaque, algorithm = 'MD5' } = asked;
    if (!/^md5$/i.test(algorithm)) continue;
    const [secret, what] = [md5(`${name}:${realm}:${password}`), md5(`${method}:${uri}`)];
    const fields = [`username="${name}"`, `realm="${realm}"`, `nonce="${nonce}"`, `uri="${uri}"`];
    if (asked.qop?.split(/\s*,\s*/).includes('auth')) {
      const own = randomBytes(8).toString('hex');
      const response = md5(`${secret}:${nonce}:00000001:${own}:auth:${what}`);
      fields.push(`response="${response}"`, 'qop=auth', 'nc=00000001', `cnonce="${own}"`);
    } else fields.push(`response="${md5(`${secret}:${nonce}:${what}`)}"`);
    if (opaque !== undefined) fields.push(`opaque="${opaque}"`);
    return `Digest ${fields.join(', ')}`;
  }
  const basic = challenges.some((challenge) => /^basic(\s|$)/i.test(challenge));
  return basic ? `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` : null;
}

function fieldsOf(challenge: string): Readonly<Record<string, string | undefined>> {
  const found = challenge.matchAll(/([a-z]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/gi);
  return Object.fromEntries(
    [...found].map(([, key = '', quoted, bare]) => [key.toLowerCase(), quoted ?? bare]),
  );
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
