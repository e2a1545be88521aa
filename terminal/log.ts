import { formatSeconds } from "./duration.ts";
import { statusLine } from "./status-line.ts";

/** Tells the person at the terminal what is going on. */
export interface Log {
  /** Whether a person reads it as it comes. */
  isTTY: boolean;
  /** Text as another program printed it. */
  write(text: string): void;
  /** Lines that stay. */
  line(...texts: string[]): void;
  /**
   * Runs work and shows what it is and how long it takes, and how long it usually takes when that is over two seconds.
   */
  step<T>(title: string, usualSeconds: number, work: () => Promise<T>): Promise<T>;
  /** Says nothing from now on: the run is ending, and what still fails is of no interest. */
  hush(): void;
}

/** Says nothing. */
export const quietLog: Log = {
  isTTY: false,
  write: () => undefined,
  line: () => undefined,
  step: (_title, _usualSeconds, work) => work(),
  hush: () => undefined,
};

/**
 * Writes to a stream: on a terminal the step under way is one line that counts seconds; elsewhere a step that takes
 * long is announced, repeated once a minute, and closed.
 */
export function streamLog(stream: NodeJS.WriteStream): Log {
  let hushed = false;
  const audible = (step: Step): Step => ({
    begin: step.begin,
    tick: (...all) => hushed || step.tick(...all),
    end: (...all) => hushed || step.end(...all),
  });
  return {
    isTTY: stream.isTTY,
    write: (text) => void (hushed || stream.write(text)),
    line: (...texts) => void (hushed || texts.forEach((text) => stream.write(text + "\n"))),
    step: (title, usualSeconds, work) =>
      run(audible(stream.isTTY ? terminalStep(stream) : plainStep(stream)), title, usualSeconds, work),
    hush: () => void (hushed = true),
  };
}

interface Step {
  begin: (text: string, usual: string) => unknown;
  tick: (text: string, usual: string, seconds: number) => unknown;
  end: (text: string, seconds: number, failed: boolean) => unknown;
}

async function run<T>(step: Step, title: string, usualSeconds: number, work: () => Promise<T>): Promise<T> {
  const usual = usualSeconds > 2 ? ` (usually ${formatSeconds(usualSeconds)})` : "";
  const start = Date.now();
  const seconds = () => (Date.now() - start) / 1000;
  step.begin(title, usual);
  const timer = setInterval(() => step.tick(title, usual, seconds()), 1000);
  try {
    const result = await work();
    clearInterval(timer);
    step.end(title, seconds(), false);
    return result;
  } catch (error) {
    clearInterval(timer);
    step.end(title, seconds(), true);
    throw error;
  }
}

function terminalStep(stream: NodeJS.WriteStream): Step {
  const { show } = statusLine(stream);
  return {
    begin: (title, usual) => show(`… ${title}${usual}`),
    tick: (title, usual, seconds) => show(`… ${title}${usual}  ${formatSeconds(Math.floor(seconds))}`),
    end: (title, seconds, failed) => {
      show(`${failed ? "✗" : "✓"} ${title}  ${formatSeconds(seconds)}`);
      stream.write("\n");
    },
  };
}

function plainStep(stream: NodeJS.WriteStream): Step {
  const minute = 60;
  let announced = false;
  const announce = (text: string) => {
    announced = true;
    stream.write(`… ${text}\n`);
  };
  return {
    begin: (title, usual) => {
      if (usual !== "") {
        announce(title + usual);
      }
    },
    tick: (title, usual, seconds) => {
      if (!announced && seconds > 2) {
        announce(title + usual);
      } else if (Math.floor(seconds) % minute === 0) {
        announce(`${title}: ${formatSeconds(Math.floor(seconds))} so far`);
      }
    },
    end: (title, seconds, failed) =>
      void stream.write(`${failed ? "✗" : "✓"} ${title}  ${formatSeconds(seconds)}\n`),
  };
}
