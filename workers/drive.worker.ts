/** Entry of the worker that draws the simulated drive. The work is in `src/sources/drive`. */
import { expose } from 'comlink';
import { DriveService } from '../src/drive/drive-service';
import { carryErrors } from '../src/error-transfer';

carryErrors();
expose(new DriveService());
