/**
 * What is published differs from what is in the repository in one thing: it knows where that is. Links of the README
 * that are relative here are absolute there.
 *
 * @typedef {{ repository: string | undefined, site: string | undefined }} Addresses
 */

/** @param {Addresses} addresses @returns {{ repository: string, site: string }} */
export function known({ repository, site }) {
  const missing = [repository ? [] : 'repository', site ? [] : 'site'].flat();
  if (!repository || !site) {
    throw new Error(`scripts/addresses.mjs does not know: ${missing.join(', ')}`);
  }
  for (const address of [repository, site]) {
    if (new URL(address).protocol !== 'https:') throw new Error(`not public: ${address}`);
  }
  return { repository: repository.replace(/\/$/, ''), site };
}

/** @param {Record<string, unknown>} manifest @param {Addresses} addresses */
export function publishedManifest(manifest, addresses) {
  const { repository, site } = known(addresses);
  return {
    ...manifest,
    repository: { type: 'git', url: `git+${repository}.git` },
    homepage: site,
    bugs: `${repository}/issues`,
  };
}

/** @param {string} readme @param {string} version @param {Addresses} addresses */
export function publishedReadme(readme, version, addresses) {
  const { repository } = known(addresses);
  // A picture is the file itself, anything else a page about it.
  return readme.replace(/(!?)\[([^\]]*)\]\((?!https?:|#)([^)]+)\)/g, (_, mark, text, path) => {
    const url = `${repository}/${mark ? 'raw' : 'blob'}/v${version}/${path}`;
    return `${mark}[${text}](${url})`;
  });
}
