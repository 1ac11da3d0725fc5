/** A file in memory, for readers that take blobs. */
import { unbacked } from './unbacked';

/** A file whose bytes are at hand: read without asking the browser for each piece. */
export class MemoryFile extends Blob {
  constructor(private readonly content: Uint8Array<ArrayBuffer>) {
    super();
  }

  override get size(): number {
    return this.content.length;
  }

  override slice(start = 0, end: number = this.size): Blob {
    return unbacked(MemoryFile, { content: this.content.subarray(start, end) });
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return this.content.slice().buffer;
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(this.content);
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const { content } = this;
    return new ReadableStream({
      start(controller) {
        if (content.length > 0) controller.enqueue(content.slice());
        controller.close();
      },
    });
  }
}
