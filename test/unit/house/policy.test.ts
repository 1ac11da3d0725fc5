/** What the content security policy forbids, no file of a page may need. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEVELOPMENT_HEADERS, RESPONSE_HEADERS } from '../../../src/server/headers';
import { ROOT } from '../../../src/server/prepare.mjs';

function filesOfPages(): string[] {
  return ['src', 'workers']
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((file) => file.endsWith('.ts') && !file.startsWith(join('src', 'server')));
}

test('zod, which would make functions of text, is taken from where it is told not to', () => {
  const direct = filesOfPages().filter((file) =>
    /from ['"]zod(\/|['"])/.test(readFileSync(join(ROOT, file), 'utf8')),
  );
  expect(direct).toEqual([join('src', 'schema.ts')]);
});

test('the policy lets a page talk to its own server alone, and lets no text become script', () => {
  const policy = new Map(
    (RESPONSE_HEADERS['Content-Security-Policy'] ?? '').split('; ').map((directive) => {
      const [name = '', ...values] = directive.split(' ');
      return [name, values.join(' ')] as const;
    }),
  );
  expect(policy.get('connect-src')).toBe("'self' blob:");
  expect(policy.get('script-src')).toBe("'self' 'wasm-unsafe-eval'");
  expect(policy.get('worker-src')).toBe("'self'");
  expect(policy.get('style-src')).toBe("'self'");
  expect(policy.get('default-src')).toBe("'self'");
});

test('development differs in the styles that Vite puts into the page, and in nothing else', () => {
  const name = 'Content-Security-Policy';
  expect((DEVELOPMENT_HEADERS[name] ?? '').replace(" 'unsafe-inline'", '')).toBe(RESPONSE_HEADERS[name]);
  expect({ ...DEVELOPMENT_HEADERS, [name]: '' }).toEqual({ ...RESPONSE_HEADERS, [name]: '' });
});
