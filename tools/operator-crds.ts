import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { goEnvironment, goFailure } from "./build.ts";
import type { Log } from "../terminal/log.ts";
import { obtainOnce } from "./once.ts";
import { toolPlaces } from "./places.ts";

const name = "prometheus-operator-crds";
const module = path.join(toolPlaces.modules, "prometheus-operator");

/** The files of the Go package that hold the kinds we make. */
const files = ["servicemonitors", "prometheusrules"].map((plural) => `monitoring.coreos.com_${plural}.yaml`);

/**
 * Finds the definitions of the Prometheus operator's kinds, which its Go module has; go checks it by `go.sum`.
 *
 * @returns a folder of YAML files
 * @throws ToolUnavailable when they can neither be found nor downloaded
 */
export async function ensureOperatorCrds(log: Log): Promise<string> {
  const [, version] = /prometheus-operator (v\S+)$/m.exec(readFileSync(path.join(module, "go.mod"), "utf8"))!;
  const folder = path.join(toolPlaces.crds, version!);
  const obtain = () =>
    log
      .step(`Downloading the kinds of the Prometheus operator ${version}`, 3, () => copyCrds(folder))
      .catch((error: unknown) => {
        throw goFailure(name, error, "Install Go; then run this again.");
      });
  const isThere = () => existsSync(folder);
  const doing = "downloads the kinds of the Prometheus operator";
  await obtainOnce({ isThere, lock: `${toolPlaces.crds}.lock`, doing, obtain }, log);
  return folder;
}

async function copyCrds(folder: string): Promise<void> {
  const { stdout } = await promisify(execFile)(
    "go",
    ["list", "-f", "{{.Dir}}", "github.com/prometheus-operator/prometheus-operator/example"],
    { cwd: module, env: { ...process.env, ...goEnvironment }, timeout: 300_000 },
  );
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  for (const file of files)
    copyFileSync(path.join(stdout.trim(), "prometheus-operator-crd", file), path.join(unfinished, file));
  renameSync(unfinished, folder);
}
