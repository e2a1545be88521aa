/** A duration as a person says it: `0.4 s`, `12 s`, `3 min 20 s`, `6 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95 && !Number.isInteger(seconds)) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  const rest = whole % 60;
  return rest === 0 ? `${Math.floor(whole / 60)} min` : `${Math.floor(whole / 60)} min ${rest} s`;
}
