import type { Finding } from "./report.ts";
import { worstFirst } from "./report.ts";

/**
 * Says once what one decision changed in several places: keys of the same thing that go from one text to the same
 * other, such as a retention that stands in four places.
 */
export function together(findings: readonly Finding[]): Finding[] {
  return joined(findings, (finding) =>
    typeof finding.old === "string" && typeof finding.new === "string" && finding.fields.length > 0
      ? JSON.stringify([finding.section, finding.subject, finding.old, finding.new])
      : undefined,
  ).map(([first, ...others]) => merged(first, others));
}

/** Findings in groups of the same key, where the first of each stood; those without a key are alone. */
export function joined(
  findings: readonly Finding[],
  keyOf: (finding: Finding) => string | undefined,
): [Finding, ...Finding[]][] {
  const groups = new Map<string | Finding, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const key = keyOf(finding) ?? finding;
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()];
}

function merged(first: Finding, others: readonly Finding[]): Finding {
  if (others.length === 0) return first;
  const all = [first, ...others];
  const note = all.find((finding) => finding.note !== undefined)?.note;
  return {
    ...first,
    fields: all.flatMap(({ fields }) => fields),
    costs: worstFirst(all.flatMap((finding) => finding.costs)),
    ...(note && { note }),
  };
}
