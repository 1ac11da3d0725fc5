/** Archives: read as other tools write them, written as other tools read them, and never more than they say. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, type TestContext, test, vi } from 'vitest';
import { ArchiveWriter, readArchive } from '../../../src/labels/archive';
import { zipOf } from './zip-of';

/** Packed bytes that unpackers were given. zip.js takes hold of the class when it is imported. */
const unpacker = vi.hoisted(() => {
  const count = { taken: 0 };
  const Native = globalThis.DecompressionStream;
  globalThis.DecompressionStream = class {
    readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
    readonly writable: WritableStream<BufferSource>;
    constructor(format: CompressionFormat) {
      const native = new Native(format);
      const writer = native.writable.getWriter();
      this.readable = native.readable;
      this.writable = new WritableStream({
        write(part) {
          count.taken += part.byteLength;
          return writer.write(part);
        },
        close: () => writer.close(),
        abort: (reason) => writer.abort(reason),
      });
    }
  };
  return count;
});

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Runs Python in an empty folder and gives the archive it leaves as `o.zip`. */
function pythonZip(context: TestContext, script: string): Blob {
  const folder = mkdtempSync(join(tmpdir(), 'zip-'));
  try {
    execFileSync('python3', ['-c', `import zipfile\n${script}`], { cwd: folder });
    return new Blob([readFileSync(join(folder, 'o.zip'))]);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') context.skip('python3 is not installed');
    throw thrown;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('files come back as they were', async () => {
  const files = { 'a.txt': new Uint8Array([1, 2, 3]), 'ünï/b.bin': new Uint8Array(1000).fill(7) };
  const entries = await readArchive(await zipOf(files));
  expect(entries.map(({ name, size }) => [name, size])).toEqual([
    ['a.txt', 3],
    ['ünï/b.bin', 1000],
  ]);
  for (const entry of entries) expect(await entry.read()).toEqual(files[entry.name as keyof typeof files]);
});

test('whatever is put in comes out', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-zé漢]{1,8}$/), fc.uint8Array({ maxLength: 3000 })), {
        selector: ([name]) => name,
      }),
      async (files) => {
        const entries = await readArchive(await zipOf(Object.fromEntries(files) as never));
        const found = await Promise.all(entries.map(async ({ name, read }) => [name, [...(await read())]]));
        expect(Object.fromEntries(found)).toEqual(
          Object.fromEntries(files.map(([name, bytes]) => [name, [...bytes]])),
        );
      },
    ),
    { numRuns: 20 },
  );
});

test('an entry is written as soon as it is added: no more than one is held', async () => {
  let written = 0;
  const zip = new ArchiveWriter(async (bytes) => {
    written += bytes.length;
  });
  for (let n = 1; n <= 5; n++) {
    await zip.add(`${n}.bin`, new Uint8Array(10_000));
    expect(written).toBeGreaterThanOrEqual(n * 10_000);
  }
  await zip.finish();
});

test('the same files are the same bytes', async () => {
  const files = { 'a.png': new Uint8Array(10), 'b.png': new Uint8Array(20) };
  const [one, other] = await Promise.all([zipOf(files), zipOf(files)]);
  expect(await one.bytes()).toEqual(await other.bytes());
});

test('a sink that fails ends the archive with its error', async () => {
  const zip = new ArchiveWriter(async () => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  await expect(zip.add('a', new Uint8Array(10)).then(() => zip.finish())).rejects.toMatchObject({
    name: 'QuotaExceededError',
  });
});

test('other programs read it', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'zip-'));
  try {
    writeFileSync(join(folder, 'o.zip'), await (await zipOf({ 'masks/ü.png': bytesOf('road') })).bytes());
    const script = `import zipfile; z=zipfile.ZipFile('o.zip'); assert z.testzip() is None; i=z.infolist()[0]; print(i.filename, i.compress_type, i.flag_bits & 8)`;
    const said = execFileSync('python3', ['-c', script], { cwd: folder, encoding: 'utf8' });
    expect(said.trim()).toBe('masks/ü.png 0 0');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') context.skip('python3 is not installed');
    throw thrown;
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('more files than the old form can count', async (context) => {
  const script = `z=zipfile.ZipFile('o.zip','w')\nfor i in range(66000): z.writestr(str(i), bytes([i&255]))\nz.close()`;
  const entries = await readArchive(pythonZip(context, script));
  expect(entries).toHaveLength(66_000);
  expect(await entries[65_999]!.read()).toEqual(new Uint8Array([65_999 & 255]));
});

test('packed and 64-bit entries of other tools are read', async (context) => {
  const script = `z=zipfile.ZipFile('o.zip','w',8)
z.writestr('a.txt','road '*500)
with z.open('b.txt','w',force_zip64=True) as f: f.write(b'sky '*500)
z.close()`;
  const [a, b] = await readArchive(pythonZip(context, script));
  expect(new TextDecoder().decode(await a!.read())).toBe('road '.repeat(500));
  expect(new TextDecoder().decode(await b!.read())).toBe('sky '.repeat(500));
});

test('what a Mac puts beside files is no file', async () => {
  const entries = await readArchive(
    await zipOf({
      'masks/.DS_Store': bytesOf('x'),
      '__MACOSX/masks/._.DS_Store': bytesOf('x'),
      'masks/frame_000000.png': bytesOf('y'),
      '__MACOSX/masks/._frame_000000.png': bytesOf('z'),
    }),
  );
  expect(entries.map(({ name }) => name)).toEqual(['masks/frame_000000.png']);
});

test('names that lead outside, from a drive or with backslashes are below here like all others', async (context) => {
  const script = `z=zipfile.ZipFile('o.zip','w')
for n in ('../../a.png','/b/c.png','C:\\\\d\\\\e.png','./f/./g.png','f\\\\h.png','Thumbs.db','x/desktop.ini','@eaDir/f.png/thumb.png'): z.writestr(n,'x')
z.close()`;
  const entries = await readArchive(pythonZip(context, script));
  expect(entries.map(({ name }) => name)).toEqual(['a.png', 'b/c.png', 'd/e.png', 'f/g.png', 'f/h.png']);
});

test('of files with one name the last counts', async (context) => {
  const script = `import warnings; warnings.simplefilter('ignore'); z=zipfile.ZipFile('o.zip','w')
for n in 'abc': z.writestr('0.png', n)
z.writestr('1.png','d'); z.close()`;
  const entries = await readArchive(pythonZip(context, script));
  expect(entries.map(({ name }) => name)).toEqual(['0.png', '1.png']);
  expect(new TextDecoder().decode(await entries[0]!.read())).toBe('c');
});

test.for([
  [12, 'BZIP2'],
  [14, 'LZMA'],
  [9, 'Deflate64'],
  [77, 'method 77'],
] as const)('packed by method %i: it is named', async ([method, name], context) => {
  const script = `z=zipfile.ZipFile('o.zip','w'); z.writestr('a.png','x'); z.close()
b=bytearray(open('o.zip','rb').read()); b[8]=${method}; b[b.find(b'PK\\1\\2')+10]=${method}; open('o.zip','wb').write(b)`;
  const [entry] = await readArchive(pythonZip(context, script));
  await expect(entry!.read()).rejects.toMatchObject({
    code: 'labels-unreadable',
    detail: `a.png is packed as ${name}; pack it as plain ZIP`,
  });
});

test('sizes that stand behind the data, as of an archive that was written in one go', async (context) => {
  const script = `import io
class Out(io.RawIOBase):
  b=bytearray()
  def writable(self): return True
  def write(self,d): self.b+=bytes(d); return len(d)
  def tell(self): raise OSError
o=Out(); z=zipfile.ZipFile(o,'w',8); z.writestr('a.png','road '*500); z.close(); open('o.zip','wb').write(bytes(o.b))`;
  const [entry] = await readArchive(pythonZip(context, script));
  expect(new TextDecoder().decode(await entry!.read())).toBe('road '.repeat(500));
});

test('names in UTF-8 that do not say so', async (context) => {
  const script = `z=zipfile.ZipFile('o.zip','w'); z.writestr('xx.png','a'); z.close()
b=open('o.zip','rb').read().replace(b'xx.png','é.png'.encode()); open('o.zip','wb').write(b)`;
  expect((await readArchive(pythonZip(context, script)))[0]!.name).toBe('é.png');
});

test('cut off or damaged anywhere: read, or refused with the code', async () => {
  const whole = await (await zipOf({ a: new Uint8Array(50), b: new Uint8Array(50) })).bytes();
  const tried = async (bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    for (const entry of await readArchive(new Blob([bytes]))) await entry.read();
  };
  for (let length = 0; length < whole.length; length += 9)
    await expect(tried(whole.slice(0, length))).rejects.toMatchObject({ code: 'labels-unreadable' });
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const bytes = whole.slice();
      bytes[at]! ^= by;
      await tried(bytes).catch((thrown) => expect(thrown).toMatchObject({ code: 'labels-unreadable' }));
    }),
    { numRuns: 150 },
  );
});

/** An archive of one deflated entry that says it is of another size. */
function lying(packed: Uint8Array, says: number): Blob {
  const name = bytesOf('a.png');
  const local = new DataView(new ArrayBuffer(30));
  const central = new DataView(new ArrayBuffer(46));
  const end = new DataView(new ArrayBuffer(22));
  for (const [view, at] of [
    [local, 4],
    [central, 6],
  ] as const) {
    view.setUint32(0, view === local ? 0x04034b50 : 0x02014b50, true);
    view.setUint16(at, 20, true);
    view.setUint16(at + 4, 8, true);
    view.setUint32(at + 14, packed.length, true);
    view.setUint32(at + 18, says, true);
    view.setUint16(at + 22, name.length, true);
  }
  const centralAt = 30 + name.length + packed.length;
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, 1, true);
  end.setUint16(10, 1, true);
  end.setUint32(12, 46 + name.length, true);
  end.setUint32(16, centralAt, true);
  return new Blob([local, name, packed as Uint8Array<ArrayBuffer>, central, name, end]);
}

test('an entry that says 100 bytes and holds 768 MB is refused after its first bytes', async () => {
  // Twelve times the same 64 MB of zeros.
  const part = deflateRawSync(new Uint8Array(64 * 1024 * 1024), { finishFlush: 2 });
  const packed = Buffer.concat([...new Array(12).fill(part), deflateRawSync(new Uint8Array(0))]);
  const [entry] = await readArchive(lying(packed, 100));
  expect(entry!.size).toBe(100);
  unpacker.taken = 0;
  await expect(entry!.read()).rejects.toMatchObject({ code: 'labels-unreadable' });
  expect(packed.length).toBeGreaterThan(700_000);
  expect(unpacker.taken).toBeLessThan(20_000);
});

test('an entry that says it is larger than any label is not unpacked at all', async () => {
  const [entry] = await readArchive(lying(deflateRawSync(new Uint8Array(10)), 300_000_000));
  await expect(entry!.read()).rejects.toMatchObject({ detail: 'a.png: 300000000 bytes' });
});
