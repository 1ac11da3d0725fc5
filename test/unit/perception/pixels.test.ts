import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import wabt from 'wabt';
import { kernelBytes, kernelFile, kernelSource } from './kernel';

/** With this variable set, the test writes the module anew instead of comparing it. */
const UPDATE = process.env.UPDATE_PIXELS === '1';

test('pixels.wasm is what pixels.wat says', async () => {
  const { parseWat } = await wabt();
  const parsed = parseWat('pixels.wat', kernelSource, { simd: true });
  parsed.validate();
  const { buffer } = parsed.toBinary({});
  parsed.destroy();
  if (UPDATE) writeFileSync(kernelFile, buffer);
  else expect(Buffer.from(buffer).equals(kernelBytes)).toBe(true);
});
