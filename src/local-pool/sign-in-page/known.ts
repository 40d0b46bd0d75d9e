import { CognitoError } from '../errors.js';

/** What a look-up finds; undefined where the API would say that there is no such thing. */
export async function known<Found>(lookUp: Promise<Found>): Promise<Found | undefined> {
  try {
    return await lookUp;
  } catch (error) {
    if (error instanceof CognitoError && ABSENT.includes(error.type)) return undefined;
    throw error;
  }
}

const ABSENT: readonly string[] = ['ResourceNotFoundException', 'UserNotFoundException'];
