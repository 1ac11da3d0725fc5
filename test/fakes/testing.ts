/** What the package publishes for the tests of those who embed it: a source that is played by hand. */
export { FakeSource } from './fake-source';
