import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumPath } from './src/server/analyse/chromium.ts';
import { fakeCameraFlags, WEBGPU_FLAGS } from './test/harness/chromium.ts';

const executablePath = chromiumPath();

export default defineConfig({
  test: {
    // Two cores, and software WebGPU takes all it gets: files run one after the other, but for what needs neither.
    fileParallelism: false,
    // CI machines without a GPU stall now and then for longer than any limit; a real failure fails twice.
    retry: process.env.CI ? 1 : 0,
    // What is waited for comes when a busy machine gets round to it; what never comes fails all the same.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          environment: 'node',
          fileParallelism: true,
          // A test that hangs is found out in either case; a machine that is busy should not fail one.
          testTimeout: 60_000,
        },
      },
      {
        // Servers that are started, on ports and with media workers of their own: in Node, one file after the other.
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
        },
      },
      {
        extends: './vite.config.ts',
        optimizeDeps: { include: ['axe-core'] },
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['./test/fixtures/media-setup.mjs'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              contextOptions: { colorScheme: 'dark' },
              launchOptions: {
                // Two fake cameras, so that there is one to switch to.
                args: [
                  ...WEBGPU_FLAGS,
                  ...fakeCameraFlags(),
                  '--use-fake-device-for-media-stream=device-count=2',
                ],
                ...(executablePath ? { executablePath } : {}),
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          environment: 'node',
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
      {
        // A second browser, with a WebGPU of its own: the built page, driven from outside.
        extends: true,
        test: {
          name: 'firefox',
          include: ['test/firefox/**/*.test.ts'],
          environment: 'node',
          testTimeout: 600_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
