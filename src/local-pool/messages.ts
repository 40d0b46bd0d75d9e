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

/** A message of the mailbox. */
export interface SentMessage extends Omit<Message, 'line'> {
  /** ISO 8601. */
  readonly at: string;
}

/** So many are kept, for as long as the process lives. */
const KEPT = 200;

/** A development stand-in sends nothing: its mailbox keeps the message, and who delivers gets a line. */
export class Messages {
  readonly #deliver: (line: string) => void;
  #sent: readonly SentMessage[] = [];

  constructor(deliver: (line: string) => void) {
    this.#deliver = deliver;
  }

  send({ line, ...message }: Message): void {
    const { to, text, code } = message;
    this.#sent = [{ at: new Date().toISOString(), ...message }, ...this.#sent].slice(0, KEPT);
    this.#deliver(line ?? (code === undefined ? `${text} for ${to}` : `code ${code} for ${to}`));
  }

  /** The newest first. */
  get sent(): readonly SentMessage[] {
    return this.#sent;
  }

  clear(): void {
    this.#sent = [];
  }
}
