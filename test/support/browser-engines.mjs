/**
 * The programs that tests need from the system: where they are, and what Debian calls them.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import process from 'node:process';

/**
 * @typedef {object} Program
 * @property {string} package Debian's name for what contains it
 * @property {readonly string[]} names to look for on the PATH, or absolute paths
 * @property {string} [override] an environment variable that says where it is
 */

/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {readonly Program[]} programs all of which it needs
 */

export const programs = /** @satisfies {Record<string, Program>} */ ({
  chromium: {
    package: 'chromium',
    names: [
      'chromium',
      'chromium-browser',
      'google-chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    override: 'CHROMIUM_PATH',
  },
  firefox: {
    package: 'firefox-esr',
    names: ['firefox-esr', 'firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'],
    override: 'FIREFOX_PATH',
  },
  webKitDriver: { package: 'webkit2gtk-driver', names: ['WebKitWebDriver'] },
  xvfb: { package: 'xvfb', names: ['Xvfb'] },
  nginx: { package: 'nginx', names: ['nginx', '/usr/sbin/nginx'] },
  // Action Cable is a library, and comes with it.
  rails: { package: 'ruby-rails', names: ['rails'] },
  puma: { package: 'puma', names: ['puma'] },
});

export const tools = /** @satisfies {Record<string, Tool>} */ ({
  chromium: { name: 'Chromium', programs: [programs.chromium] },
  firefox: { name: 'Firefox', programs: [programs.firefox] },
  webKit: { name: 'WebKitGTK', programs: [programs.webKitDriver, programs.xvfb] },
  nginx: { name: 'nginx', programs: [programs.nginx] },
  actionCable: { name: 'Action Cable', programs: [programs.rails, programs.puma] },
});

/**
 * @param {Program} program
 * @returns {string | undefined} its path, if it is installed
 */
export function find({ names, override = '' }) {
  const told = process.env[override];
  if (told) return isExecutable(told) ? told : undefined;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => resolve(folder, name))).find(isExecutable);
}

/**
 * @param {Program} program
 * @returns {string} its path
 */
export function need(program) {
  const path = find(program);
  if (path === undefined) throw new Error(`${program.names[0] ?? ''} is not installed`);
  return path;
}

/**
 * @param {Tool} tool
 * @returns {string[]} the Debian packages that it lacks; none when it can run
 */
export function missingPackages(tool) {
  return tool.programs.filter((program) => !find(program)).map((program) => program.package);
}

/** Whether we may install packages ourselves: as root on Debian. */
export function canInstall() {
  const isRoot = process.getuid?.() === 0;
  return isRoot && existsSync('/etc/debian_version') && isExecutable('/usr/bin/apt-get');
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
