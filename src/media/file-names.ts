/** Names of files and folders as they are dropped, chosen or packed. */

/** Whether a path is nothing of the user's: hidden files, and what systems leave beside files. */
export function isHidden(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX' || part === 'Thumbs.db');
}

/** Paths as they are below the innermost folder that all of them lie in. */
export function belowCommonFolder(paths: readonly string[]): string[] {
  const folders = paths.map((path) => path.split('/').slice(0, -1));
  const [first = []] = folders;
  let depth = 0;
  while (depth < first.length && folders.every((parts) => parts[depth] === first[depth])) depth++;
  return paths.map((path) => path.split('/').slice(depth).join('/'));
}
