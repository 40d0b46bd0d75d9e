import { inspect } from 'node:util';

/** Why a process cannot start, where whoever starts it can mend it: the message says how, no stack is due. */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }

  /** Tools such as the MikroORM CLI print an error as it is inspected: a stack would hide the remedy. */
  [inspect.custom](): string {
    return this.message;
  }
}
