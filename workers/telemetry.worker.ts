/** Entry of the worker that reads what a recording says of the drive. The work is in `src/telemetry`. */
import { expose } from 'comlink';
import { carryErrors } from '../src/error-transfer';
import { TelemetryService } from '../src/telemetry/telemetry-service';

carryErrors();
expose(new TelemetryService());
