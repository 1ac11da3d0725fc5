import { CarriagewayError, createStage } from 'carriageway';

const canvas = document.querySelector<HTMLCanvasElement>('#road') ?? undefined;
const figures = document.querySelector('#figures');

try {
  const road = await createStage({ ...(canvas && { canvas }), base: './', mode: 'drivable' });
  road.view.on('report', ({ drivableShare, inferenceFps }) => {
    if (figures && drivableShare !== null)
      figures.textContent = `drivable ${Math.round(100 * drivableShare)} %, ${inferenceFps.toFixed(1)} masks a second`;
  });
  await road.view.play('drive');
} catch (thrown) {
  if (figures && thrown instanceof CarriagewayError)
    figures.textContent = `${thrown.message} (${thrown.detail})`;
}
