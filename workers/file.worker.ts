/** Entry of the worker that demuxes, decodes and times one video file. */
import { expose } from 'comlink';
import { carryErrors } from '../src/error-transfer';
import { MaskSet } from '../src/labels/mask-set';
import { surveyLabels } from '../src/labels/reading/survey';
import { FileService } from '../src/sources/recording/file-service';

carryErrors();
expose(new FileService({ open: (labels, pictures) => MaskSet.open(labels, pictures), survey: surveyLabels }));
