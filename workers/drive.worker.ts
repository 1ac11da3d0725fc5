/** Entry of the worker that draws the simulated drive. The work is in `src/sources/drive`. */
import { expose } from 'comlink';
import { carryErrors } from '../src/error-transfer';
import { DriveService } from '../src/sources/drive/drive-service';

carryErrors();
expose(new DriveService());
