/** Puts networks into a build. */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, parse } from 'node:path';

/** Digits of the hash in a file's name: as many as tell the versions of one network apart. */
const DIGITS = 12;

/** The parts of a manifest read and changed here; the rest is passed on as it is. */
interface Listed {
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

/**
 * Copies manifests to `models/` and their files to `assets/`, each with its hash in its name.
 * @param from folder of the manifests
 * @param out folder of the build
 */
export async function copyModels(from: string, out: string): Promise<void> {
  await mkdir(join(out, 'models'), { recursive: true });
  await mkdir(join(out, 'assets'), { recursive: true });
  for (const name of await readdir(from)) {
    if (!name.endsWith('.json')) continue;
    const manifest = JSON.parse(await readFile(join(from, name), 'utf8')) as Listed;
    const files = await Promise.all(
      manifest.files.map(async (file) => {
        const { name: stem, ext } = parse(basename(file.path));
        const hashed = `${stem}-${file.sha256.slice(0, DIGITS)}${ext}`;
        await cp(join(from, file.path), join(out, 'assets', hashed));
        return { ...file, path: `../assets/${hashed}` };
      }),
    );
    await writeFile(join(out, 'models', name), JSON.stringify({ ...manifest, files }));
  }
}

/**
 * Copies manifests and their files into one folder, as they lie here: it can be moved or served by itself.
 * @param from folder of the manifests
 * @param to folder that is to hold the same
 */
export async function layModels(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    if (!name.endsWith('.json')) continue;
    const manifest = JSON.parse(await readFile(join(from, name), 'utf8')) as Listed;
    for (const { path } of manifest.files) await cp(join(from, path), join(to, path));
    await cp(join(from, name), join(to, name));
  }
}
