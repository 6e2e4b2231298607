import { h } from 'vue';
import Theme from 'vitepress/theme-without-fonts';
import LiveLine from './LiveLine.vue';
import './site.css';

/** @type {import('vitepress').Theme} */
export default {
  extends: Theme,
  Layout: () => h(Theme.Layout, null, { 'home-hero-image': () => h(LiveLine) }),
};
