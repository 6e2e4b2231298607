import { StrictMode, version } from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { observe, observed } from './observed.js';
import { App } from './react-app.js';

observe();
observed.version = version;
const container = document.getElementById('root') as HTMLElement;
const app = (
  <StrictMode>
    <App />
  </StrictMode>
);
const root = container.hasChildNodes() ? hydrateRoot(container, app) : createRoot(container);
if (!container.hasChildNodes()) root.render(app);
observed.unmount = () => root.unmount();
