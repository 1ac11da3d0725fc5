/** What can be imported from the package, and from which file of ours it is made. */
export const ENTRIES = {
  index: 'src/index.ts',
  element: 'src/element/carriageway-view.ts',
  drive: 'src/drive/drive-source.ts',
  testing: 'test/fakes/testing.ts',
};
