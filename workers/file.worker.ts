/** Entry of the worker that demuxes, decodes and times one video file. */
import { expose } from 'comlink';
import { FileService } from '../src/sources/file/file-service';

expose(new FileService());
