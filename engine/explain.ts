import { resourcesOf } from "../assembly/pods.ts";

/** The stack that an operation is for, and where its state is. */
export interface StackInBackend {
  readonly stack: string;
  /** The backend in words. */
  readonly backend: string;
}

/** A request to Kubernetes, and why there was no answer. */
const unanswered = /(?:Get|Patch|Post|Put|Delete) "https:[^"]*\/(?:api\/v1|apis)\/[^"]*": ([^\n]*)/;
const withoutAddresses = (reason: string): string => reason.replace(/^.*->\S+ /, "");

/** What the Pulumi CLI and its providers print, and the words to show for it. */
const explanations: readonly {
  readonly pattern: RegExp;
  readonly explain: (operation: StackInBackend, match: RegExpExecArray) => string;
}[] = [
  {
    pattern: /currently locked by[\s\S]*?: created by (.+?) at (\S+)/,
    explain: ({ stack }, [, owner, since]) =>
      `Another run is changing the stack "${stack}": ${owner}, since ${since}. Run this again when it is done; ` +
      `if it was killed, first free the stack: pulumi cancel --stack ${stack}.`,
  },
  {
    pattern: /passphrase must be set/,
    explain: ({ stack }) =>
      `The stack "${stack}" has secrets, and their passphrase is missing: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.`,
  },
  {
    pattern: /incorrect passphrase/,
    explain: ({ stack }) =>
      `The passphrase is not that of the stack "${stack}": correct PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.`,
  },
  {
    pattern: /cluster is unreachable: ([^\n]*)/,
    explain: ({ stack }, [, reason = ""]) =>
      `The cluster of "${stack}" cannot be reached: ${sentence(reason)}`,
  },
  {
    pattern: unanswered,
    explain: ({ stack }, [, reason = ""]) =>
      `The API server of "${stack}" stopped answering in the middle: ${sentence(withoutAddresses(reason))} ` +
      "What was done until then is recorded: run the same again once it answers, and it goes on from there.",
  },
  {
    pattern: /no matches for kind "(ServiceMonitor|PrometheusRule)"/,
    explain: ({ stack }, [, kind]) =>
      `The cluster of "${stack}" does not know the kind ${kind}: it has no Prometheus operator. Install the operator ` +
      `(kube-prometheus-stack brings it) and run this again; or do without: prometheus.scrape: annotations, or none, and ` +
      `alerts.rules: none. What was made so far stays.`,
  },
  {
    // Of the HTTP API of Pulumi Cloud; of local files; of S3 and its like.
    pattern:
      /performing HTTP request: ([^\n]*)|(unable to open [^\n]*)|(read "\.pulumi[^\n]*)|(PULUMI_ACCESS_TOKEN must [^\n]*|problem logging in[^\n]*)/,
    explain: ({ backend }, [, ...reasons]) =>
      `The backend cannot be reached (${backend}): ${sentence(reasons.find((reason) => reason) ?? "")}`,
  },
];

/** One sentence in place of the CLI's words, where they are known; else undefined. */
export function explain(words: string, operation: StackInBackend): string | undefined {
  for (const { pattern, explain } of explanations) {
    const match = pattern.exec(words);
    if (match) return explain(operation, match);
  }
  return undefined;
}

/** What the provider and the cluster say of an object, and what to say instead. */
const faults: readonly {
  readonly pattern: RegExp;
  readonly explain: (object: string, match: RegExpExecArray) => string;
}[] = [
  {
    pattern: /Apply failed with \d+ conflicts?: [\s\S]*/,
    explain: (object, [words]) => `${object}: ${ownersOf(words).map(describeOwner).join(" ")}`,
  },
  {
    pattern: /(\S+ "\S+") already exists/,
    explain: (object) =>
      `${object} is there already, and is not this stack's. Delete or rename it, and deploy again; ` +
      "if it came of a run of this stack that was cut off, PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true takes it over.",
  },
  {
    pattern: /(\S+) "(\S+)" is forbidden: exceeded quota: (\S+), requested: (.*), used: (.*), limited: (.*)/,
    explain: (object, [, kind, name = "", quota, requested = "", used, limited]) =>
      `The ResourceQuota "${quota}" does not allow ${kind === "pods" ? `the pod ${name} of ${object}` : object}: ` +
      `it asks for ${requested}, ${used} is used, and the limit is ${limited}. ${remedyOf(requested, name)}`,
  },
  {
    pattern: /pods "(\S+)" is forbidden: violates PodSecurity "(\S+)": (.*)/,
    explain: (object, [, pod, level, why = ""]) =>
      `Pod Security ("${level}") does not allow the pod ${pod} of ${object}: ${sentence(why)} ` +
      "The stack's own pod keeps to it: undo what changes the pod, such as a webhook that injects containers; " +
      "what was edited by hand is put back by the next deployment.",
  },
  {
    // Pulumi's, of a volume.
    pattern: /cannot be deleted\s+because it is protected/,
    explain: (object) =>
      `${object} is protected, and would be left without Tempo. If it may be: with all else as it was, deploy once with tempo.volume.protect: false; then this again.`,
  },
  {
    pattern: /timed out waiting to be Ready/,
    explain: (object) =>
      `${object} is there, but did not get ready in time. When the cause is mended, deploy again; it goes on from there.`,
  },
  {
    pattern: unanswered,
    explain: (object, [, reason = ""]) =>
      `${object}: the API server did not answer: ${sentence(withoutAddresses(reason))}`,
  },
];

/** What is said of an object, in words of ours where they are known. */
export function explainFault(words: string, object: string): string | undefined {
  for (const { pattern, explain } of faults) {
    const match = pattern.exec(words);
    if (match) return explain(object, match);
  }
  return undefined;
}

/** Who else manages fields of an object, which server-side apply therefore does not take from them. */
interface Owner {
  readonly manager: string;
  /** Whether it changes objects once, as an edit does, and does not apply them again and again. */
  readonly byHand: boolean;
  readonly fields: readonly string[];
}

/** The owners that the API server names. Source: kubernetes/apimachinery, util/managedfields/internal/conflict.go. */
function ownersOf(words: string): Owner[] {
  const owner =
    /conflicts? with ("[^"]+")(?: with subresource "[^"]+")?( using [^\s:]+(?: at \S+)?)?:((?:\s+(?:- )?\.\S+)+)/g;
  return [...words.matchAll(owner)].map(([, manager = "", update, fields = ""]) => ({
    manager,
    byHand: update !== undefined,
    fields: fields.match(/\.\S+/g) ?? [],
  }));
}

/** Whether these words tell of conflicts, and only of such as edits by hand leave. */
export const isEditedByHand = (words: string): boolean => {
  const owners = ownersOf(words);
  return owners.length > 0 && owners.every(({ byHand }) => byHand);
};

const describeOwner = ({ manager, byHand, fields }: Owner): string =>
  byHand
    ? `${manager} has changed ${fields.join(", ")}. Undo that, or put this stack's value in its place with PULUMI_K8S_ENABLE_PATCH_FORCE=true.`
    : `${manager} manages ${fields.join(", ")} and wants another value than this stack. Take the object out of what ${manager} applies, and deploy again.`;

/** What to do about a quota, from what exceeds it. Source: kubernetes.io/docs/concepts/policy/resource-quotas. */
function remedyOf(requested: string, pod: string): string {
  const setting = /storage=/.test(requested)
    ? "tempo.volume.size"
    : /limits\.(cpu|memory)=/.test(requested)
      ? `${resourcesOf(pod)}.limits`
      : /(cpu|memory)=/.test(requested)
        ? `${resourcesOf(pod)}.requests`
        : undefined;
  return setting === undefined ? "Have the quota raised." : `Lower ${setting}, or have the quota raised.`;
}

const sentence = (words: string): string => `${words.trim().replace(/\.$/, "")}.`;
