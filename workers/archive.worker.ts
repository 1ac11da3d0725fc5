/** Entry of the worker that unpacks archives of recordings. The work is in `src/sources/packed`. */
import { expose } from 'comlink';
import { carryErrors } from '../src/error-transfer';
import { UnpackService } from '../src/sources/packed/unpack-service';

carryErrors();
expose(new UnpackService());
