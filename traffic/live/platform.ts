import { execFile } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import type { ApplicationEnv } from "../../assembly/application-env.ts";
import { choosePorts } from "../../sandbox/ports.ts";
import { answersOk } from "../../clients/http.ts";
import { startProcess } from "../../sandbox/service.ts";
import type { Log } from "../../terminal/log.ts";
import type { Postgres } from "../../tools/postgres.ts";
import type { Guard } from "../../processes/guard.ts";
import type { ApplicationPaths } from "../../tools/python-applications.ts";
import { litellmConfig, masterKey } from "./litellm.ts";
import { behaviours } from "./models.ts";
import { startOllama, type StandIn } from "./ollama.ts";

/** Where the real applications run. */
export interface Platform {
  readonly openWebui: string;
  readonly litellm: string;
  /** LiteLLM as it is without `LITELLM_OTEL_V2`. */
  readonly litellmV1: string;
  readonly ollama: StandIn;
  /** Ends what is not the guard's to end. */
  close(): Promise<void>;
}

/** What the platform is started with. */
export interface PlatformOptions {
  readonly guard: Guard;
  readonly log: Log;
  /** Folder of logs and files. */
  readonly folder: string;
  readonly programs: ApplicationPaths;
  readonly postgres: Postgres;
  /** The stack's output, with the addresses of a Tempo on this machine. */
  readonly env: ApplicationEnv;
  /**
   * Whether LiteLLM's metrics tell users, keys and teams apart, as they do without the list that the guide has.
   *
   * @default false
   */
  readonly hasEveryAttribute?: boolean;
}

/** Spans come a second after they ended, not five. No setting of the stack's. */
const hurry = { OTEL_BSP_SCHEDULE_DELAY: "1000" };

/** Nothing is asked of the world outside at run time. */
const offline = { HF_HUB_OFFLINE: "1", LITELLM_LOCAL_MODEL_COST_MAP: "True", ANONYMIZED_TELEMETRY: "false" };

const usualSeconds = 45;

/**
 * Starts the real Open WebUI and LiteLLM, with the environment that the stack gives them and nothing else, on a
 * PostgreSQL and a stand-in for Ollama. Their processes end with the guard.
 *
 * @throws UserError when one does not become healthy, with its last words
 */
export function startPlatform(options: PlatformOptions): Promise<Platform> {
  return options.log.step("Starting Open WebUI and LiteLLM", usualSeconds, () => start(options));
}

async function start(options: PlatformOptions): Promise<Platform> {
  const { folder } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const ports = await choosePorts(["postgres", "litellm", "litellm-v1", "open-webui"]);
  const url = (name: string) => `http://127.0.0.1:${ports[name]}`;
  const ollama = await startOllama(behaviours());
  const data = dataFolder();
  const close = async () => {
    await ollama.close();
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const { LITELLM_OTEL_V2: _v2, ...withoutV2 } = options.env.litellm;
    writeFileSync(
      path.join(folder, "litellm.yaml"),
      stringify(litellmConfig(ollama.url, options.hasEveryAttribute ?? false)),
    );
    await Promise.all([
      startLitellm(options, "litellm", ports["litellm"]!, options.env.litellm),
      startLitellm(options, "litellm-v1", ports["litellm-v1"]!, withoutV2),
      startPostgres(options, data, ports["postgres"]!).then(() =>
        startOpenWebui(options, ports["open-webui"]!, ports["postgres"]!, url("litellm")),
      ),
    ]);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    openWebui: url("open-webui"),
    litellm: url("litellm"),
    litellmV1: url("litellm-v1"),
    ollama,
    close,
  };
}

const startLitellm = (
  { guard, folder, programs }: PlatformOptions,
  name: string,
  port: number,
  env: Readonly<Record<string, string>>,
): Promise<void> =>
  startProcess(
    {
      name,
      // As docs/applications.md has it, so that LiteLLM's lines are sent as well.
      command: path.join(programs.litellm, "opentelemetry-instrument"),
      arguments: [
        "--",
        path.join(programs.litellm, "litellm"),
        "--config",
        "litellm.yaml",
        "--host",
        "127.0.0.1",
        "--port",
        String(port),
      ],
      directory: folder,
      environment: { ...offline, ...hurry, ...env },
      logs: folder,
      isHealthy: () => answersOk(`http://127.0.0.1:${port}/health/liveliness`),
      deadlineSeconds: 180,
    },
    guard,
  );

const startOpenWebui = (
  { guard, folder, programs, env }: PlatformOptions,
  port: number,
  postgresPort: number,
  litellm: string,
): Promise<void> =>
  startProcess(
    {
      name: "open-webui",
      command: path.join(programs["open-webui"], "uvicorn"),
      arguments: ["open_webui.main:app", "--host", "127.0.0.1", "--port", String(port)],
      directory: folder,
      environment: {
        ...offline,
        ...hurry,
        // As in Open WebUI's slim image: no models of its own, no vector store that is not installed.
        USE_SLIM_DOCKER: "true",
        FROM_INIT_PY: "true",
        VECTOR_DB: "pgvector",
        RAG_EMBEDDING_ENGINE: "openai",
        DATA_DIR: path.join(folder, "open-webui"),
        DATABASE_URL: `postgresql://postgres@127.0.0.1:${postgresPort}/openwebui`,
        WEBUI_SECRET_KEY: "of-the-platform-under-test",
        ENABLE_OLLAMA_API: "false",
        OPENAI_API_BASE_URL: `${litellm}/v1`,
        OPENAI_API_KEY: masterKey,
        ...env.openWebui,
      },
      logs: folder,
      isHealthy: () => answersOk(`http://127.0.0.1:${port}/health`),
      deadlineSeconds: 240,
    },
    guard,
  );

/** PostgreSQL refuses to run as root. */
const anotherUser = process.getuid?.() === 0 ? 65534 : undefined;

/** A folder that this other user may reach, whatever the rights of the project's folder. */
function dataFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "llm-tracing-postgres-"));
  if (anotherUser !== undefined) chownSync(folder, anotherUser, anotherUser);
  return folder;
}

async function startPostgres(
  { guard, folder, postgres: { bin, environment } }: PlatformOptions,
  data: string,
  port: number,
): Promise<void> {
  const asUser =
    anotherUser === undefined
      ? []
      : ["setpriv", `--reuid=${anotherUser}`, `--regid=${anotherUser}`, "--clear-groups"];
  const program = (name: string, ...words: string[]): [string, ...string[]] => {
    const [command, ...rest] = [...asUser, path.join(bin, name), ...words];
    return [command!, ...rest];
  };
  const run = ([command, ...words]: [string, ...string[]]) =>
    promisify(execFile)(command, words, { cwd: data, env: { ...process.env, ...environment } });
  const database = path.join(data, "data");
  await run(
    program("initdb", "--pgdata", database, "--username=postgres", "--auth=trust", "--no-sync", "-E", "UTF8"),
  );
  const [command, ...words] = program(
    "postgres",
    ...["-D", database, "-p", String(port), "-c", "listen_addresses=127.0.0.1"],
    ...["-c", "unix_socket_directories=", "-c", "fsync=off"],
  );
  const client = ["-h", "127.0.0.1", "-p", String(port), "-U", "postgres"];
  await startProcess(
    {
      name: "postgres",
      command,
      arguments: words,
      directory: data,
      environment,
      logs: folder,
      isHealthy: () => run(program("pg_isready", ...client)).then(() => true),
    },
    guard,
  );
  await run(program("createdb", ...client, "openwebui"));
}
