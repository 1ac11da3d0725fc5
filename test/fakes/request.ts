import type { SourceRequest } from '../../src/studio/session/open-source';

type FileRequest = Extract<SourceRequest, { kind: 'file' }>;

/** The request for one video. */
export function requestOf(file: File): FileRequest {
  return { kind: 'file', parts: { kind: 'videos', videos: [file] }, title: file.name, labels: null };
}
