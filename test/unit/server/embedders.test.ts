import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/server/config';
import { headersFor, RESPONSE_HEADERS } from '../../../src/server/headers';

describe('pages that may show this one in a frame', () => {
  test('are nobody unless named', () => {
    const config = readConfig([], {});
    expect(config).toMatchObject({ embedders: [] });
    expect(headersFor([])).toEqual(RESPONSE_HEADERS);
    expect(RESPONSE_HEADERS['Content-Security-Policy']).toContain("frame-ancestors 'none'");
  });

  test('are named by origin, and everything else stays as strict', () => {
    const config = readConfig(['--embedders', 'https://a.example, http://localhost:9000'], {});
    expect(config).toMatchObject({ embedders: ['https://a.example', 'http://localhost:9000'] });
    const headers = headersFor(['https://a.example', 'http://localhost:9000']);
    const directives = (policy: string | undefined) => (policy ?? '').split('; ');
    const changed = directives(headers['Content-Security-Policy']).filter(
      (each) => !directives(RESPONSE_HEADERS['Content-Security-Policy']).includes(each),
    );
    expect(changed).toEqual(['frame-ancestors https://a.example http://localhost:9000']);
    expect(headers['Cross-Origin-Embedder-Policy']).toBe('require-corp');
  });

  test.each([
    'a.example',
    'https://a.example/',
    'https://a.example/page',
    '*',
    'https://a.example; script-src *',
  ])('%s is no origin, and refused with the setting’s name', (text) => {
    expect(() => readConfig(['--embedders', text], {})).toThrow(/--embedders/);
  });
});
