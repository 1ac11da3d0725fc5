/** Entry of the worker in which frames become segmented pictures. The work is in `src/stage`. */
import { expose } from 'comlink';
import { Stage } from '../src/stage/stage';
import { stageParts } from '../src/stage/stage-parts';
import { carryTransfers } from '../src/stage/transfers';

carryTransfers();
expose(new Stage(stageParts()));
