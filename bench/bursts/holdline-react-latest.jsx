import { useLatest, useSocket } from 'holdline/react';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { burst, root, see, url } from './burst.js';

function App() {
  const { socket } = useSocket(url);
  const last = useLatest(socket, 'tick');
  burst.renders++;
  useEffect(() => {
    if (last) see(last);
  }, [last]);
  return last?.n;
}

createRoot(root).render(<App />);
