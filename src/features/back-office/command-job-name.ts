/** Goes on with a command whose process does not. */
export const COMMAND_JOB = 'command';

/** Enables a user whose disabling had an end. */
export const ENABLE_JOB = 'enable-user';

/** Milliseconds without a sign of life of the process that has a command until another goes on with it. */
export const RECOVERY_DELAY = 15_000;
