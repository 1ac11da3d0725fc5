/** Entry of the worker in which the streams of a dashboard become segmented pictures. The work is in `src/pipeline`. */
import { expose } from 'comlink';
import { carryErrors } from '../src/error-transfer';
import { SharedDrawing } from '../src/overlay/shared-drawing';
import { stageParts } from '../src/stage/stage-parts';
import { Wall } from '../src/stage/wall';

carryErrors();
expose(new Wall(stageParts(new SharedDrawing())));
