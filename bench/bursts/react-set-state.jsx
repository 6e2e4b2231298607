import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { burst, root, see, url } from './burst.js';

function App() {
  const [last, setLast] = useState(/** @type {{ n: number } | undefined} */ (undefined));
  burst.renders++;
  useEffect(() => {
    const socket = new WebSocket(url);
    socket.onmessage = ({ data }) => setLast(JSON.parse(data));
    return () => socket.close();
  }, []);
  useEffect(() => {
    if (last) see(last);
  }, [last]);
  return last?.n;
}

createRoot(root).render(<App />);
