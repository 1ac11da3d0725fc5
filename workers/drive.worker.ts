/** Entry of the worker that draws the simulated drive. The work is in `src/sources/drive`. */
import { expose } from 'comlink';
import { DriveService } from '../src/drive/drive-service';
import { spareCanvas } from '../src/drive/render/spare-canvas';
import { paintedLayers } from '../src/drive/textures/array';
import { carryErrors } from '../src/error-transfer';

carryErrors();
expose(new DriveService());
// Whichever street is asked for, it is drawn with these: there while the page is still at itself.
spareCanvas.prepare();
paintedLayers();
