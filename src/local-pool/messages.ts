/** What Cognito would send by e-mail or text message. */
export interface Message {
  /** An e-mail address or a phone number. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The code that is in the text. */
  readonly code?: string;
  /** What whoever delivers gets; by default `code 123456 for <destination>`. */
  readonly line?: string;
}

/** A development stand-in sends nothing: who delivers gets a line instead. */
export class Messages {
  readonly #deliver: (line: string) => void;

  constructor(deliver: (line: string) => void) {
    this.#deliver = deliver;
  }

  send({ to, text, code, line }: Message): void {
    this.#deliver(line ?? (code === undefined ? `${text} for ${to}` : `code ${code} for ${to}`));
  }
}
