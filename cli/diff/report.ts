import { pathText, type FieldChange } from "./compare.ts";
import { withoutSecrets } from "./secrets.ts";

/** What a change asks of the cluster, worst first. */
export const costs = [
  "data at risk",
  "replaced",
  "Tempo restarts",
  "roles restart",
  "collectors restart",
  "in place",
] as const;

/**
 * - `data at risk`: traces are deleted, or are where Tempo no longer looks
 * - `replaced`: the object is deleted and made again
 * - `Tempo restarts`: no new traces until it is back (`gracePeriodSeconds`, and its start); applications retry
 * - `roles restart`: of a distributed Tempo, pod after pod; the others of a role take over meanwhile
 * - `collectors restart`: one after the other; what waits in their queues is delivered afterwards
 * - `in place`: nothing else notices
 */
export type Cost = (typeof costs)[number];

/** Where a change belongs, in the order in which they are shown. */
export const sections = ["tempo", "objects", "datasources", "dashboards", "settings"] as const;
export type Section = (typeof sections)[number];

export const sectionTitles: Readonly<Record<Section, string>> = {
  tempo: "Tempo's configuration",
  objects: "Kubernetes objects",
  datasources: "Data sources",
  dashboards: "Dashboards",
  settings: "Settings",
};

export type Action = "added" | "removed" | "changed" | "moved" | "renamed";

/** What a change does to what runs. */
export interface Impact {
  /** What it costs, worst first; nothing for a setting, whose effects are changes of their own. */
  readonly costs: readonly Cost[];
  /** The consequence in a sentence, where the cost needs one. */
  readonly note?: string;
}

export const inPlace: Impact = { costs: ["in place"] };

/** A change in one environment. */
export interface Finding extends Impact {
  readonly section: Section;
  readonly action: Action;
  /** The thing that changes: `StatefulSet tracing/tempo`, `Tempo`, `LLM Request Tracing › Request Rate`. */
  readonly subject: string;
  /**
   * What of it changes: paths of fields (`spec.replicas`) or, in dashboards, words (`query A`). Several when they go
   * together from one value to the same other; none when the thing is added, removed or renamed as a whole.
   */
  readonly fields: readonly string[];
  /** The value before; absent when there was none. A secret is always `(secret)`. */
  readonly old?: unknown;
  /** The value after; absent when there is none. A secret is always `(secret)`. */
  readonly new?: unknown;
}

/** A change, said once for all environments that it is the same in. */
export interface Change extends Finding {
  readonly environments: readonly string[];
}

/** What `diff --output json` prints. */
export interface Report {
  /** Version of this schema; a field is never removed or given another meaning under the same number. */
  readonly schema: 1;
  /** What was compared: a git ref or folder, and the working tree or a folder. */
  readonly base: string;
  readonly head: string;
  /** Environments that were compared, in the order in which a change travels through them. */
  readonly environments: readonly string[];
  /** For each environment that changes, how many changes have which worst cost; settings are not counted. */
  readonly counts: Readonly<Record<string, Partial<Record<Cost, number>>>>;
  /** In the order of {@link sections}, then by environments and as the things stand in their files. */
  readonly changes: readonly Change[];
}

/** A thing, and where it belongs. */
export type About = Pick<Finding, "section" | "subject">;

/** A thing that comes, goes, moves or is renamed as a whole. */
export const wholeFinding = (
  about: About,
  action: Action,
  sides: Pick<Finding, "old" | "new"> = {},
  impact = inPlace,
): Finding => ({ ...about, action, fields: [], ...sides, ...impact });

/** A changed field of a thing, without the secrets in it; called by its path unless told otherwise. */
export function fieldFinding(about: About, change: FieldChange, impact = inPlace, field?: string): Finding {
  const { path, old, new: next } = change;
  return {
    ...about,
    action: !("old" in change) ? "added" : !("new" in change) ? "removed" : "changed",
    fields: [field ?? pathText(path)],
    ...("old" in change && { old: withoutSecrets(old, path) }),
    ...("new" in change && { new: withoutSecrets(next, path) }),
    ...impact,
  };
}

/**
 * Says once what one decision changed in several places: fields of one thing that go from one text to the same other,
 * such as a retention that stands in four places.
 */
export function together(findings: readonly Finding[]): Finding[] {
  const groups = Map.groupBy(findings, (finding) => {
    const { subject, old, new: next } = finding;
    return typeof old === "string" && typeof next === "string"
      ? JSON.stringify([subject, old, next])
      : finding;
  });
  return [...groups.values()].map((all) => ({
    ...all[0]!,
    ...all.find(({ note }) => note !== undefined),
    fields: all.flatMap(({ fields }) => fields),
    costs: costs.filter((cost) => all.some((finding) => finding.costs.includes(cost))),
  }));
}
