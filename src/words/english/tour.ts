/** The tour of a first visit. */
export const TOUR = {
  'tour.offer': 'New here? A short tour explains the picture.',
  'tour.take': 'Take the tour',
  'tour.decline': 'No, thanks',
  'tour.next': 'Next',
  'tour.back': 'Back',
  'tour.finish': 'Finish',
  'tour.end': 'End the tour',
  'tour.end-by-key': 'End the tour (Esc)',
  'tour.of': '{at} of {all}',
  'tour.again': 'Take the tour again',
  'tour.mask': 'The mask',
  'tour.mask-text':
    'The network gives each pixel a class: road, person, vehicle and so on. Here you choose what is painted over the picture: the drivable area alone, or all classes.',
  'tour.confidence': 'Confidence',
  'tour.confidence-text':
    'How sure the network is, pixel by pixel, from dark blue (a guess) to pale yellow (certain). Edges, far things and bad weather are where it doubts.',
  'tour.sync': 'Synced or live',
  'tour.sync-text':
    'Synced: each picture waits for its own mask, so both fit, and the delay is shown. Live: the newest picture at once, under a mask that is a little older.',
  'tour.scene': 'The road ahead',
  'tour.scene-text':
    'From the mask come the road’s edges, what stands on it and how far the way is free, in metres with their uncertainty. It is an estimate: never rely on it to drive.',
  'tour.pyramid': 'The pyramid',
  'tour.pyramid-text':
    'This network looks at the whole picture through coarse grids before it decides. Open this to hold the picture and switch the grids off, one by one.',
  'tour.own': 'Your own file',
  'tour.own-text':
    'Here you open a video, a folder of pictures or the camera, or drop them anywhere on the page. Nothing leaves this machine. All keys stand under the question mark.',
} as const;
