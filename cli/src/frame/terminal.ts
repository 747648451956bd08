// Where a command speaks: answers on stdout, everything else on stderr, so that pipes get answers alone.
// Colours only on a terminal, and never where NO_COLOR is set. What functions print reaches a terminal
// without what would steer it. Asks nothing: ask-person.ts does.
import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export type Terminal = {
  asJson: boolean;
  /** Whether a person can be asked. */
  isInteractive: boolean;
  /** What goes on, for people; nothing with `--json`. */
  say(text: string): void;
  /** One line of an answer that goes on, e.g. of a log. */
  print(text: string): void;
  paint(style: Style, text: string): string;
};

type Streams = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'env'>;

export function openTerminal({ stdin, stdout, stderr, env }: Streams, asJson: boolean): Terminal {
  const isColoured = stdout.isTTY === true && !asJson && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  return {
    asJson,
    isInteractive: stdin.isTTY === true && stderr.isTTY === true && !asJson,
    say: (text) => {
      if (!asJson) stderr.write(`${stderr.isTTY ? withoutControls(text) : text}\n`);
    },
    print: (text) => void stdout.write(`${stdout.isTTY && !asJson ? withoutControls(text) : text}\n`),
    paint: (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text),
  };
}

/** A control character; with the escape of a colour, all of that. */
const CONTROL = /\p{Cc}(?:\[[\d;]*m)?/gu;
const KEPT = ['\n', '\t'];
const ESCAPE = 27;

/** Line feeds, tabs and colours stay. */
export function withoutControls(text: string): string {
  return text.replace(CONTROL, (found) => {
    const isColour = found.length > 1 && found.codePointAt(0) === ESCAPE;
    return isColour || KEPT.includes(found.charAt(0)) ? found : '';
  });
}
