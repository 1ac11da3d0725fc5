import 'carriageway/element';
import { useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';

/** A segmented road with a figure below it. Attributes and properties are given like those of any element (React 19). */
function Road({ src, mode }) {
  const view = useRef(null);
  const [share, setShare] = useState(null);
  const [notice, setNotice] = useState('');

  useEffect(() => {
    const element = view.current;
    const stop = new AbortController();
    const { signal } = stop;
    element.addEventListener('report', ({ detail }) => setShare(detail.drivableShare), { signal });
    element.addEventListener('notice', ({ detail }) => setNotice(detail.message), { signal });
    return () => stop.abort();
  }, []);

  return (
    <figure>
      <carriageway-view ref={view} src={src} mode={mode} base="./" controls muted />
      <figcaption id="figures">
        {share === null ? notice : `drivable ${Math.round(100 * share)} %`}
      </figcaption>
    </figure>
  );
}

function App() {
  const [shown, setShown] = useState(true);
  return (
    <>
      <button type="button" onClick={() => setShown(!shown)}>
        {shown ? 'Take it away' : 'Put it back'}
      </button>
      {shown && <Road src="drive" mode="drivable" />}
    </>
  );
}

createRoot(document.getElementById('root')).render(<App />);
