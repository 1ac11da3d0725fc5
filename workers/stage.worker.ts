/** Entry of the worker in which frames become segmented pictures. The work is in `src/pipeline`. */
import { expose } from 'comlink';
import { carryErrors } from '../src/error-transfer';
import { Stage } from '../src/stage/stage';
import { stageParts } from '../src/stage/stage-parts';

carryErrors();
expose(new Stage(stageParts()));
