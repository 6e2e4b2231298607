import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import Exports from 'react-use-websocket';
import { burst, root, see, url } from './burst.js';

// Bundlers differ in what the default export of this CommonJS module is.
const useWebSocket = Exports.default ?? Exports;

function App() {
  const { lastJsonMessage: last } = useWebSocket(url);
  burst.renders++;
  useEffect(() => {
    if (last) see(last);
  }, [last]);
  return last?.n;
}

createRoot(root).render(<App />);
