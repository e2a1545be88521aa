import path from "node:path";
import {
  linkPrograms,
  localState,
  withoutDownloads,
  withOurProvider,
  type Backend,
  type EngineTools,
} from "../engine/backend.ts";
import { sandboxContext } from "./connection.ts";
import type { SandboxFolder } from "./folder.ts";

/** The backend that lives in a sandbox's folder. */
export function sandboxBackend(folder: SandboxFolder, tools: EngineTools): Backend {
  return {
    description: `local files in ${path.relative(process.cwd(), folder.state)}`,
    project: folder.pulumiProject,
    programs: linkPrograms(folder.pulumiHome, tools),
    home: folder.pulumiHome,
    ownState: folder.state,
    secrets: "placeholder",
    context: sandboxContext,
    ...withOurProvider(tools),
    variables: {
      ...withoutDownloads,
      ...localState(folder.state),
      KUBECONFIG: folder.kubeconfig,
      PULUMI_CONFIG_PASSPHRASE: "",
    },
  };
}
