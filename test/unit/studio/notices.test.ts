import { expect, test } from 'vitest';
import { CarriagewayError, ERROR_COPY, type ErrorCode, reportOf } from '../../../src/errors';
import { createStore } from '../../../src/studio/shell/app-state';
import { Notices, withNotice } from '../../../src/studio/shell/notices';

const report = (code: ErrorCode, detail = '') => reportOf(new CarriagewayError(code, detail), code);

test('the same notice is counted, not repeated', () => {
  let list = withNotice([], report('camera-busy'), 1);
  list = withNotice(list, report('snapshot-failed'), 2);
  list = withNotice(list, report('camera-busy'), 3);
  expect(list.map((n) => [n.id, n.code, n.count])).toEqual([
    [2, 'snapshot-failed', 1],
    [1, 'camera-busy', 2],
  ]);
});

test('the list stays short: the oldest goes', () => {
  const codes: ErrorCode[] = ['camera-busy', 'camera-denied', 'source-empty', 'model-not-onnx'];
  const list = codes.reduce<ReturnType<typeof withNotice>>(
    (l, code, i) => withNotice(l, report(code), i),
    [],
  );
  expect(list.map((n) => n.code)).toEqual(codes.slice(1));
});

test('what is thrown becomes its sentence; what has no code gets the fallback', () => {
  const store = createStore();
  const list = new Notices(store);
  list.thrown(new CarriagewayError('source-empty', 'zero bytes'), 'source-failed');
  list.thrown(new TypeError('x is not a function'), 'source-failed');
  expect(store.state.notices.map((n) => [n.code, n.message, n.detail])).toEqual([
    ['source-empty', ERROR_COPY['source-empty'], 'zero bytes'],
    ['source-failed', ERROR_COPY['source-failed'], 'x is not a function'],
  ]);
});

test('notices go one by one, or by code when they no longer hold', () => {
  const store = createStore();
  const list = new Notices(store);
  list.show(report('worker-silent'));
  list.show(report('camera-busy'));
  list.clear('worker-silent', 'webgpu-lost');
  expect(store.state.notices.map((n) => n.code)).toEqual(['camera-busy']);
  list.dismiss(store.state.notices[0]!.id);
  expect(store.state.notices).toEqual([]);
});

test('every sentence ends as one and is short enough to be read at a glance', () => {
  for (const sentence of Object.values(ERROR_COPY)) {
    expect(sentence).toMatch(/[.]$/);
    expect(sentence.length).toBeLessThanOrEqual(160);
  }
});
