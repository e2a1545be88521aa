import path from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("..", import.meta.url));
const kept = path.join(project, ".tools");

/** Where programs and what belongs to them are kept: `.tools/`, which survives `make clean`. */
export const toolPlaces = {
  modules: path.join(project, "tools"),
  bin: path.join(kept, "bin"),
  logs: path.join(kept, "logs"),
  crds: path.join(kept, "prometheus-operator-crds"),
  debian: path.join(kept, "debian"),
  kafka: path.join(kept, "kafka"),
  python: path.join(kept, "python"),
  stamps: path.join(kept, "stamps"),
  lock: path.join(kept, "build.lock"),
} as const;
