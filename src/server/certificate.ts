/**
 * The certificate of a server that speaks HTTPS by itself: the owner's, or one made at the start, which no browser knows
 * but whose fingerprint can be compared.
 */
import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isIP } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config-error.ts';

/** Key and certificate, as PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** SHA-256 of the certificate, as browsers show it. */
  readonly fingerprint: string;
  /** Whether it was made just now, so that nobody knows it. */
  readonly made: boolean;
}

/** Days for which a certificate made here is good: longer than a run, shorter than it could be forgotten. */
const DAYS = 30;

/** Milliseconds for making one. */
const MAKE_LIMIT = 10_000;

/**
 * Reads the owner's certificate.
 * @throws ConfigError when a file cannot be read, is none, or the two do not belong together
 */
export function readCertificate(certFile: string, keyFile: string): Certificate {
  const [cert, key] = [read('--cert', certFile), read('--key', keyFile)];
  try {
    const certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key)))
      throw new ConfigError(`--key is not the key of the certificate in ${certFile}.`);
    if (Date.parse(certificate.validTo) < Date.now())
      throw new ConfigError(`The certificate in ${certFile} has ended (${certificate.validTo}).`);
    return { key, cert, fingerprint: certificate.fingerprint256, made: false };
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError(`--cert and --key must be PEM files of a certificate and its key.`, { cause });
  }
}

/**
 * Makes a certificate for this machine's names and addresses, with openssl.
 * @param names further ones by which clients reach it
 * @throws ConfigError without openssl
 */
export function makeCertificate(names: readonly string[]): Certificate {
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const addresses = own.map(({ address }) => address.replace(/%.*$/, ''));
  const all = [...new Set(['localhost', '127.0.0.1', '::1', ...addresses, ...names])];
  const alternatives = all.map((name) => `${isIP(name) ? 'IP' : 'DNS'}:${name}`).join();
  const folder = mkdtempSync(join(tmpdir(), 'carriageway-https-'));
  try {
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const { status } = spawnSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
        ...['-days', String(DAYS), '-subj', '/CN=Carriageway', '-addext', `subjectAltName=${alternatives}`],
        ...['-addext', 'extendedKeyUsage=serverAuth', '-keyout', keyFile, '-out', certFile],
      ],
      { stdio: 'ignore', timeout: MAKE_LIMIT },
    );
    if (status !== 0)
      throw new ConfigError(
        '--https makes a certificate with openssl, which is not there or failed; give --cert and --key.',
      );
    const [key, cert] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')];
    return { key, cert, fingerprint: new X509Certificate(cert).fingerprint256, made: true };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function read(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`${flag} is "${file}", which cannot be read.`, { cause });
  }
}
