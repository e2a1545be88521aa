/**
 * Why Tempo and Prometheus refuse a pattern or find nothing with it; nothing when it is fine.
 * Both use RE2 and match the whole value.
 */
export function patternProblem(pattern: string): string | undefined {
  const named = `the pattern "${pattern}"`;
  if (/\(\?<?[=!]/.test(pattern)) return `${named} looks ahead or behind, which RE2 cannot`;
  for (const [, escaped] of pattern.matchAll(/\\(.)/gs)) {
    if (/[1-9]/.test(escaped!)) return `${named} refers back to a group, which RE2 cannot`;
    if (/[A-Za-z]/.test(escaped!) && !/[aftnrvxCQEpPdDsSwWbBAz]/.test(escaped!)) {
      return `${named} is no regular expression: \\${escaped} means nothing`;
    }
  }
  try {
    wholePattern(pattern);
  } catch (error) {
    return `${named} is no regular expression: ${(error as Error).message}`;
  }
  if (pattern !== "" && !/[.*+?()[\]{}|\\^$]/.test(pattern)) {
    return `${named} matches that very text alone: write = or ".*${pattern}.*"`;
  }
  return undefined;
}

/** The pattern as it is matched: against the whole value. */
export function wholePattern(pattern: string): RegExp {
  const [, flags = "", rest = ""] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(pattern)!;
  return new RegExp(`^(?:${rest.replaceAll("(?P<", "(?<")})$`, flags);
}
