/**
 * What draws say together: the middle, an interval of 90 in 100 (none of a single draw), the error that finite runs leave, and in how
 * many of the draws a difference has the sign of its middle.
 *
 * @typedef {{middle: number, low: number, high: number, error: number, agree: number, draws: number}} Spread
 */

/** The value below which a share of sorted values lies, between two of them in proportion. @param {number[]} sorted @param {number} share */
export function quantile(sorted, share) {
  const place = (sorted.length - 1) * share;
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
}

/** @param {number[]} values one a draw @returns {Spread} */
export function spreadOf(values) {
  const known = values.filter((each) => Number.isFinite(each));
  const draws = known.length;
  if (!draws) return { middle: NaN, low: NaN, high: NaN, error: NaN, agree: NaN, draws };
  const sorted = known.toSorted((a, b) => a - b);
  const middle = known.reduce((sum, each) => sum + each, 0) / draws;
  const variance = known.reduce((sum, each) => sum + (each - middle) ** 2, 0) / Math.max(draws - 1, 1);
  const some = known.filter((each) => each !== 0);
  const agree = some.length ? some.filter((each) => Math.sign(each) === Math.sign(middle)).length / some.length : NaN;
  return {
    middle,
    low: draws > 1 ? quantile(sorted, 0.05) : NaN,
    high: draws > 1 ? quantile(sorted, 0.95) : NaN,
    error: draws > 1 ? Math.sqrt(variance / draws) : NaN,
    agree,
    draws,
  };
}
