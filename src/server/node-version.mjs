/**
 * The first thing every command checks. Old syntax only: this file must still be read by the Node it refuses.
 */

/** The oldest Node that the build tools run on, as major and minor. */
const OLDEST = { major: 20, minor: 19 };

/**
 * Whether a version such as `20.19.0` (as in `process.versions.node`) will do.
 * @param {string} version
 * @returns {boolean}
 */
export function nodeWillDo(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
}

/** Ends the process with one sentence when this Node is too old. */
export function requireNode() {
  if (nodeWillDo(process.versions.node)) return;
  console.error(
    'Carriageway needs Node ' +
      OLDEST.major +
      '.' +
      OLDEST.minor +
      ' or newer, and this is Node ' +
      process.versions.node +
      '. Install a newer one from https://nodejs.org and run the command again.',
  );
  process.exit(1);
}
