import { AnsweredError, UnreachableError, type UnreachableReason } from "../../clients/http.ts";

/** What is wrong, the likely cause, and what to do. */
export interface Problem {
  readonly problem: string;
  readonly cause: string;
  readonly todo: string;
}

/** How a check ended. */
export interface Outcome {
  readonly status: "ok" | "failed" | "not checked";
  readonly seconds: number;
  /** What was found, or why it was not checked. */
  readonly found?: string;
  readonly failure?: Problem;
}

/** A check and how it ended. */
export interface Result extends Outcome {
  readonly check: string;
}

/** Everything that a run found out. */
export interface SmokeReport {
  readonly environment: string;
  /** Name of the probe's model and provider. */
  readonly id: string;
  readonly traceId: string;
  readonly seconds: number;
  readonly results: readonly Result[];
  /** What is no failure, but worth a look. */
  readonly notes: readonly string[];
}

/** Runs work that answers how a check ended, and measures its time. */
export async function timed(work: () => Promise<Omit<Outcome, "seconds">>): Promise<Outcome> {
  const begun = Date.now();
  const outcome = await work();
  return { ...outcome, seconds: (Date.now() - begun) / 1000 };
}

/** The problem with a server that did not answer, or with an error. */
export function problemOf(error: unknown): Problem {
  if (error instanceof UnreachableError) return { problem: error.message, ...ofReason[error.reason] };
  if (error instanceof AnsweredError) return { problem: `${error.message}.`, ...ofStatus(error) };
  return {
    problem: error instanceof Error ? error.message : String(error),
    cause: "The address is that of another server, or of a proxy before it.",
    todo: "Compare the addresses with the ports that are forwarded.",
  };
}

const ofReason: Readonly<Record<UnreachableReason, Omit<Problem, "problem">>> = {
  refused: {
    cause: "The port-forward has ended, or the pod does not run.",
    todo: "Start the port-forward anew; kubectl get pods tells whether the pod is ready.",
  },
  hangs: {
    cause:
      "A port-forward whose pod is gone, a NetworkPolicy between here and there, or a server that is overloaded.",
    todo: "Start the port-forward anew; if it hangs again, look at the pod's log and memory.",
  },
  unknown: {
    cause: "The name is known only within the cluster, or misspelt.",
    todo: "Use kubectl port-forward, and its address on 127.0.0.1.",
  },
  untrusted: {
    cause:
      "Tempo's receivers have TLS (tempo.otlpTls), and its certificate is signed by another authority, for another name or out of date; or it wants one of yours.",
    todo: "Give --otlp-tls the folder with ca.crt, and tls.crt and tls.key where the setting says clientCertificates.",
  },
  garbled: {
    cause:
      "Another port of the same server: 4317 is OTLP over gRPC, OTLP over HTTP is 4318, Tempo's API 3200.",
    todo: "Compare the addresses with the ports that are forwarded; https:// only where the server has it.",
  },
};

function ofStatus({ server, status }: AnsweredError): Omit<Problem, "problem"> {
  switch (status) {
    case 401:
    case 403:
      return {
        cause: "It wants credentials, or the id of a tenant.",
        todo: `Ask ${server} itself, not through an ingress: forward the port of its Service.`,
      };
    case 404:
    case 405:
      return {
        cause: "What listens there is another server, or another port of it.",
        todo: "OTLP over HTTP is port 4318 of the collector, or of Tempo; Tempo's API is 3200, Prometheus 9090.",
      };
    case 429:
      return {
        cause: "More is sent than Tempo's limits allow.",
        todo: "Raise ingestion.rate_limit_bytes and burst_size_bytes in Tempo's overrides, or send less.",
      };
    case 400:
    case 422:
      return {
        cause: "It does not understand the question: another version than this stack was made for.",
        todo: `Compare ${server}'s version with the one the stack deploys.`,
      };
    case 503:
      if (server !== "OTLP") break;
      return {
        cause:
          "The collector, or Tempo where there is none, is starting, or has no room: a queue or its volume is full, or memory is short.",
        todo: 'Look at its log, the collector\'s for "Rejecting data", and at docs/runbooks.md#collectorrefusing.',
      };
  }
  return {
    cause: `${server} is starting, overloaded, or its disk is full.`,
    todo: `Look at ${server}'s log.`,
  };
}
