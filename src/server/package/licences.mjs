/** The licences of what is bundled into the package. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Texts for packages that bring none along. `{holder}` is who has the copyright. */
const TEXTS = {
  'Apache-2.0': 'The text of the Apache License 2.0 is in the file LICENSE of this package.',
  MIT: `MIT License

Copyright (c) {holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`,
};

/** Who has the copyright of packages that do not say it in a file. */
const HOLDERS = /** @type {Readonly<Record<string, string>>} */ ({
  'onnxruntime-web': 'Microsoft Corporation',
  'onnxruntime-common': 'Microsoft Corporation',
});

/**
 * Notes the packages whose modules are bundled. For Vite, in pages and in workers.
 * @param {Set<string>} names is filled
 * @returns {import('vite').Plugin}
 */
export function notesPackages(names) {
  return {
    name: 'carriageway-notes-packages',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle))
        for (const id of chunk.type === 'chunk' ? chunk.moduleIds : chunk.originalFileNames) {
          const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(id)?.[1];
          if (name) names.add(name);
          // Its glue is made from files that are read, not imported.
          if (id.includes('virtual:litert')) names.add('@litertjs/core');
        }
    },
  };
}

/**
 * A page of licences, one section for each package: `## NAME VERSION (LICENCE)`.
 * @param {string} root of the repository
 * @param {Iterable<string>} names
 * @throws {Error} where a package has no licence that can be passed on
 */
export async function licencesOf(root, names) {
  const parts = [
    '# Third-party software\nBundled into the files of this package. The weights in `models/` have a licence of their own, for research and non-commercial use: see `models/MODEL_CARD.md`.\n',
  ];
  for (const name of [...names].sort()) {
    const folder = join(root, 'node_modules', name);
    const { version, license, repository } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
    const text = file ? await readFile(join(folder, file), 'utf8') : standardText(name, license);
    const source = (typeof repository === 'string' ? repository : repository?.url) ?? name;
    parts.push(`## ${name} ${version} (${license})\nSource: ${source}\n\n\`\`\`\n${text.trim()}\n\`\`\`\n`);
  }
  return parts.join('\n');
}

/**
 * @param {string} name
 * @param {string} licence
 */
function standardText(name, licence) {
  if (licence === 'Apache-2.0') return TEXTS[licence];
  const holder = HOLDERS[name];
  if (licence !== 'MIT' || !holder)
    throw new Error(`${name} (${licence}) brings no text of its licence along.`);
  return TEXTS.MIT.replace('{holder}', holder);
}
