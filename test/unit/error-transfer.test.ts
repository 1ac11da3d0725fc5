import * as Comlink from 'comlink';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { carryErrors } from '../../src/error-transfer';
import { CarriagewayError, ERROR_COPY, reportOf } from '../../src/errors';

const channels: MessageChannel[] = [];

beforeAll(carryErrors);
afterEach(() => {
  for (const { port1 } of channels.splice(0)) port1.close();
});

function remote<T extends object>(api: T): Comlink.Remote<T> {
  const channel = new MessageChannel();
  channels.push(channel);
  Comlink.expose(api, channel.port1);
  return Comlink.wrap<T>(channel.port2);
}

test('code and detail survive the way', async () => {
  const api = remote({
    fail() {
      throw new CarriagewayError('camera-busy', 'in use');
    },
  });
  await expect(api.fail()).rejects.toMatchObject({
    name: 'CarriagewayError',
    code: 'camera-busy',
    detail: 'in use',
    message: ERROR_COPY['camera-busy'],
  });
});

test('other errors travel as before, and get the code of the place that catches them', async () => {
  const api = remote({
    fail() {
      throw new TypeError('odd');
    },
  });
  const caught = await Promise.resolve(api.fail()).catch((error: unknown) => error);
  expect(caught).not.toBeInstanceOf(CarriagewayError);
  expect(reportOf(caught, 'source-failed')).toEqual({
    code: 'source-failed',
    message: ERROR_COPY['source-failed'],
    detail: 'odd',
  });
});
