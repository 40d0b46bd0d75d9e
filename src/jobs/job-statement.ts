/** Marks the statements of the job table in the log of statements: they belong to no request. */
export const JOB_STATEMENT = { label: 'jobs' };
