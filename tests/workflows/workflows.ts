import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectFolder } from "../../engine/stack-files.ts";

/** A step of a job. */
export interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}

/** A job of a workflow: steps of its own, or a call of another workflow. */
export interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly concurrency?: Concurrency;
  readonly strategy?: { readonly matrix: { readonly stack?: readonly string[] } };
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly Step[];
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly secrets?: unknown;
}

/** What may not run at the same time. */
export interface Concurrency {
  readonly group: string;
  readonly "cancel-in-progress": unknown;
}

/** A GitHub workflow, as far as tests look into it. */
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: Concurrency;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(projectFolder, ".github/workflows");

/** This project's workflows by name. */
export const workflows: ReadonlyMap<string, Workflow> = new Map(
  readdirSync(folder).map((file) => [
    file.replace(/\.yml$/, ""),
    parse(readFileSync(join(folder, file), "utf8")) as Workflow,
  ]),
);

/** The text of every workflow and action, by its path. */
export const texts: ReadonlyMap<string, string> = new Map(
  readdirSync(join(projectFolder, ".github"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".yml"))
    .map((path) => [path, readFileSync(join(projectFolder, ".github", path), "utf8")]),
);

const sameRepository = "github.event.pull_request.head.repo.full_name == github.repository";
const mainOnly = "github.ref == 'refs/heads/main'";
const dangerous = ["pull_request_target", "workflow_run", "issue_comment"];

/** An action in a workflow's text: pinned by its commit, with the release that it is of. */
const pinned = /^[\w-]+(?:\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

/** The actions of others that a workflow uses, as they stand in its text. */
export const actionsIn = (text: string): string[] =>
  [...text.matchAll(/^[\s-]*uses: +(.*)$/gm)]
    .map(([, action]) => action!)
    .filter((action) => !isLocal(action));

/** Those of them that may become another action under the same name. */
export const unpinned = (text: string): string[] => actionsIn(text).filter((action) => !pinned.test(action));

const isLocal = (uses: string): boolean => uses.startsWith("./");

/** What is wrong with a workflow, a line for each. */
export function problems({ on, permissions, jobs }: Workflow): string[] {
  return [
    ...dangerous.filter((event) => event in on).map((event) => `runs on ${event}, with secrets for forks`),
    ...(JSON.stringify(permissions) === "{}" ? [] : ["gives permissions to every job"]),
    ...Object.entries(jobs).flatMap(([name, job]) => [
      ...ofJob(job, "pull_request" in on).map((problem) => `${name} ${problem}`),
      ...(job.steps ?? []).flatMap(ofStep).map((problem) => `${name} ${problem}`),
    ]),
  ];
}

function ofJob(job: Job, forForks: boolean): string[] {
  const conditions = required(job.if);
  const open = forForks && !conditions.includes(sameRepository) && !conditions.includes(mainOnly);
  const writes = Object.values(job.permissions ?? {}).includes("write");
  const ownSecrets = JSON.stringify(job.steps ?? []).includes("secrets.");
  return [
    ...(job.permissions ? [] : ["does not say what it may"]),
    ...(writes && open ? ["writes in pull requests from forks"] : []),
    ...(writes && runsOwnCode(job) ? ["writes, and runs what it is given"] : []),
    ...((ownSecrets || job.secrets) && open ? ["has secrets in pull requests from forks"] : []),
    ...(ownSecrets && !job.environment ? ["has secrets of no environment"] : []),
    ...(ownSecrets && !conditions.includes("vars.PULUMI_BACKEND_URL != ''")
      ? ["needs no backend to have secrets"]
      : []),
    ...(job.secrets && !isLocal(job.uses ?? "") ? ["gives secrets to another's workflow"] : []),
    ...(job.steps && job["timeout-minutes"] === undefined ? ["may run for ever"] : []),
  ];
}

const runsOwnCode = ({ uses, steps = [] }: Job): boolean =>
  [uses, ...steps.map((step) => step.uses)].some((one) => one && (isLocal(one) || isCheckout(one)));

const isCheckout = (uses: string): boolean => uses.startsWith("actions/checkout@");

/** The conditions that must all hold. */
const required = (condition = ""): string[] =>
  condition.includes("||") ? [] : condition.split("&&").map((part) => part.trim());

function ofStep(step: Step): string[] {
  const { uses, run, with: inputs } = step;
  return [
    ...(uses && isCheckout(uses) && inputs?.["persist-credentials"] !== false
      ? ["leaves its token in the checkout"]
      : []),
    ...(uses && !isLocal(uses) && JSON.stringify(step).includes("secrets.")
      ? [`gives secrets to ${uses}`]
      : []),
    ...(run?.includes("${{") ? ["has an expression in a script"] : []),
  ];
}
