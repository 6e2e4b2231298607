import { useMessage, useSocket } from 'holdline/react';
import { createRoot } from 'react-dom/client';
import { burst, root, see, url } from './burst.js';

function App() {
  const { socket } = useSocket(url);
  burst.renders++;
  useMessage(socket, 'tick', see);
  return null;
}

createRoot(root).render(<App />);
