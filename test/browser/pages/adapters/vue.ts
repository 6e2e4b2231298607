import { createApp, createSSRApp, version } from 'vue';
import { observe, observed } from './observed.js';
import { App } from './vue-app.js';

observe();
observed.version = version;
const container = document.getElementById('root') as HTMLElement;
const app = container.hasChildNodes() ? createSSRApp(App) : createApp(App);
app.mount(container);
observed.unmount = () => app.unmount();
