/**
 * Leaves out of a history that fails what it needs not to fail.
 *
 * @param fails - whether a history fails
 * @param patience - how many histories to try at most
 */
export async function shrunk(
  steps: readonly number[],
  fails: (steps: readonly number[]) => Promise<boolean>,
  patience: number,
): Promise<readonly number[]> {
  let shortest = steps;
  let left = patience;
  for (
    let size = Math.ceil(steps.length / 2);
    size >= 1;
    size = size > 1 ? Math.ceil(size / 2) : 0
  ) {
    for (let at = 0; at < shortest.length && left > 0;) {
      const shorter = [...shortest.slice(0, at), ...shortest.slice(at + size)];
      left--;
      if (await fails(shorter)) shortest = shorter;
      else at += size;
    }
  }
  return shortest;
}
