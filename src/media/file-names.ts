/** Names of files and folders as they are dropped, chosen or packed. */

/** Whether a path is nothing of the user's: hidden files, and what systems leave beside files. */
export function isHidden(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX' || part === 'Thumbs.db');
}
