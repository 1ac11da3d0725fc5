import 'carriageway/element';

// Which engine runs, and why it is another one than expected, is told by the element's stage: see docs/library/events.md.
document.querySelector('carriageway-view').addEventListener('notice', ({ detail }) => {
  console.warn(detail.message);
});
