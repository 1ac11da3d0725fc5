// The library stays outside the bundle, where it finds its workers: see the command in ../README.md.
import '/carriageway/element.js';

const view = document.createElement('carriageway-view');
view.base = '/carriageway/';
view.mode = 'classes';
view.addEventListener('notice', ({ detail }) => console.warn(detail.message));
document.getElementById('place').append(view);
view.src = 'drive';
