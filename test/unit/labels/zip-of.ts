/** Archives made by the product's own writer. */
import { ArchiveWriter } from '../../../src/labels/archive';

/** An archive of files by name. */
export async function zipOf(files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const zip = new ArchiveWriter(async (bytes) => void parts.push(bytes));
  for (const [name, bytes] of Object.entries(files)) await zip.add(name, bytes);
  await zip.finish();
  return new Blob(parts);
}
