/** Recordings at addresses: what is asked for when one is opened, and back to an address that opens it again. */
import { reachRecording } from '../../sources/recording/recording-source';
import type { FileRequest } from './gather';

/**
 * Looks at what is at an address.
 * @param address of this server, absolute or beginning with `/` or `./`
 * @throws CarriagewayError `source-unreachable`, `source-not-a-video`, `source-empty`, `source-input-unknown`
 */
export async function requestOfAddress(address: string): Promise<FileRequest> {
  const { parts, name } = await reachRecording(new URL(address, document.baseURI));
  return { kind: 'file', parts, title: name, labels: null, address };
}
