/** Entry of the worker that makes something of a recording in the background. The work is in `src/playback`. */
import { expose } from 'comlink';
import { carryErrors } from '../src/error-transfer';
import { JobService } from '../src/jobs/job-service';

carryErrors();
expose(new JobService());
