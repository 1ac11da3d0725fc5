/** The licences of what is bundled into the package. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the package's files are made from, besides our own. */
const BUNDLED = [
  '@litertjs/core',
  '@lit/reactive-element',
  'comlink',
  'lit',
  'lit-element',
  'lit-html',
  'mediabunny',
  'onnxruntime-web',
  'three',
  'zod',
];

/**
 * A page of licences, one section for each package that is there.
 * @param {string} root of the repository
 */
export async function licencesOf(root) {
  const parts = [
    '# Third-party software\nBundled into the files of this package. The weights in `models/` have a licence of their own, for research and non-commercial use: see `models/MODEL_CARD.md`.\n',
  ];
  for (const name of BUNDLED) {
    const folder = join(root, 'node_modules', name);
    let manifest;
    try {
      manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    } catch {
      continue;
    }
    const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
    const text = file ? await readFile(join(folder, file), 'utf8') : `Licence: ${manifest.license}`;
    parts.push(`## ${name} ${manifest.version} (${manifest.license})\n\n\`\`\`\n${text.trim()}\n\`\`\`\n`);
  }
  return parts.join('\n');
}
