/** Entry of the worker that reads and draws a map of the user's own. The work is in `src/basemap`. */
import { expose } from 'comlink';
import { MapService } from '../src/basemap/map-service';
import { carryErrors } from '../src/error-transfer';

carryErrors();
expose(new MapService());
